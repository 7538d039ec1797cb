import { Logger } from '@nestjs/common';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import pg, { type PoolConfig } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { connectWithRetry } from './connect-with-retry.js';
import { addressOf, connectionOptions } from './connection-options.js';
import type { DatabaseConfig } from './database.config.js';
import { DatabaseUrlMissing, reasonOf } from './database.errors.js';
import { ReplicaPools } from './replica-pools.js';
import { detectSession, setRoleTimeout, timeoutOptions, type SessionKind } from './server-session.js';
import { SlowQueryLogger } from './slow-query-logger.js';

const APPLICATION_NAME = 'dsim';

/** Waits for the server, finds out whether a pooler is in between, and answers with the options that suit it. */
export async function typeOrmOptions(config: DatabaseConfig): Promise<TypeOrmModuleOptions> {
  const logger = new Logger('Database');
  if (config.url === undefined) throw new DatabaseUrlMissing();
  const address = addressOf(config.url);
  const connection = connectionOptions(config.url, config.tls);
  const probe = { ...connection, connectionTimeoutMillis: config.connectTimeoutMs };
  const session = await connectWithRetry(() => detectSession(probe), { address, timeoutMs: config.startTimeoutMs });
  if (session === 'pooled') await applyRoleTimeout(logger, probe, config);
  logger.log({ msg: 'PostgreSQL connected', address, session, replicas: config.replicaUrls.length });
  return {
    type: 'postgres',
    driver: pg,
    extra: poolOptions(config, connection, session),
    poolErrorHandler: (error: Error) => logger.warn({ msg: 'idle connection lost', reason: reasonOf(error) }),
    autoLoadEntities: true,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logger: new SlowQueryLogger(),
    maxQueryExecutionTime: config.slowQueryMs,
    retryAttempts: 0,
  };
}

export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  return new DataSource(options).initialize();
}

/** Replicas may be away at start, so whether a pooler is in between is not known: no startup parameters there. */
export function replicaPools(config: DatabaseConfig): ReplicaPools {
  return new ReplicaPools(
    config.replicaUrls.map((url) => ({
      address: addressOf(url),
      options: poolOptions(config, connectionOptions(url, config.tls), 'pooled'),
    })),
  );
}

function poolOptions(config: DatabaseConfig, connection: PoolConfig, session: SessionKind): PoolConfig {
  return {
    ...connection,
    application_name: APPLICATION_NAME,
    max: config.poolSize,
    connectionTimeoutMillis: config.connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    ...(session === 'direct' && { options: timeoutOptions(config.statementTimeoutMs) }),
  };
}

async function applyRoleTimeout(logger: Logger, connection: PoolConfig, config: DatabaseConfig): Promise<void> {
  const timeoutMs = config.statementTimeoutMs;
  try {
    const outcome = await setRoleTimeout(connection, timeoutMs);
    if (outcome === 'set')
      logger.log({ msg: 'behind a pooler: the statement timeout is now a setting of our role', timeoutMs });
  } catch (error) {
    logger.warn({
      msg: 'behind a pooler, and our role may not set its own statement timeout: run ALTER ROLE ... SET statement_timeout',
      timeoutMs,
      reason: reasonOf(error),
    });
  }
}
