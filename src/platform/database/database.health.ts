import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, type HealthOutcome } from '../observability/health-registry.js';
import { Database } from './database.js';
import { reasonOf } from './database.errors.js';
import { loadMigrations, migrationState } from './migrations.js';
import { ReplicaPools } from './replica-pools.js';

@Injectable()
export class DatabaseHealth implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly database: Database,
    private readonly replicas: ReplicaPools,
  ) {}

  onModuleInit(): void {
    this.registry.register({
      name: 'database',
      scopes: ['ready', 'startup'],
      timeoutMs: 3_000,
      check: () => this.answers(),
    });
    this.registry.register({
      name: 'migrations',
      scopes: ['ready', 'startup'],
      timeoutMs: 3_000,
      check: () => this.migrated(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replicas.close();
  }

  private async answers(): Promise<HealthOutcome> {
    const started = performance.now();
    try {
      await this.database.query('SELECT 1');
      return { status: 'up', details: { latencyMs: Math.round(performance.now() - started) } };
    } catch (error) {
      return { status: 'down', reason: `PostgreSQL does not answer: ${reasonOf(error)}` };
    }
  }

  /** A newer schema is no reason to stop: the previous release runs on the next one's schema (expand, then contract). */
  private async migrated(): Promise<HealthOutcome> {
    try {
      const query = async (sql: string): Promise<{ rows: object[] }> => ({ rows: await this.database.query(sql) });
      const { pending, unknown } = await migrationState({ query }, await loadMigrations());
      if (pending.length === 0) return { status: 'up', details: { newer: unknown.length } };
      return {
        status: 'down',
        reason: `${pending.length} migration(s) have not run: ${pending.join(', ')}. Run \`npm run migrate\`.`,
      };
    } catch (error) {
      return { status: 'down', reason: `The migrations cannot be read: ${reasonOf(error)}` };
    }
  }
}
