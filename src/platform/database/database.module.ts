import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CommitHooks } from './commit-hooks.js';
import { Database } from './database.js';
import { DatabaseHealth } from './database.health.js';
import { poolMetricProviders } from './database.metrics.js';
import { databaseConfig, type DatabaseConfig } from './database.config.js';
import { openDataSource, replicaPools, typeOrmOptions } from './data-source.js';
import { ReplicaPools } from './replica-pools.js';
import { TypeOrmDatabase } from './typeorm-database.js';

@Module({})
export class DatabaseModule {
  /** Connects to a database that has been migrated already (`runMigrations`); waits for a server that is not up yet. */
  static forRoot(): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [databaseConfig.token],
          useFactory: (config: DatabaseConfig) => typeOrmOptions(config),
          dataSourceFactory: async (options) => openDataSource(options!),
        }),
      ],
      providers: [
        { provide: ReplicaPools, inject: [databaseConfig.token], useFactory: replicaPools },
        TypeOrmDatabase,
        { provide: Database, useExisting: TypeOrmDatabase },
        { provide: CommitHooks, useExisting: TypeOrmDatabase },
        DatabaseHealth,
        ...poolMetricProviders,
      ],
      exports: [Database, CommitHooks],
    };
  }
}
