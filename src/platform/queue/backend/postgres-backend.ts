import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
  type ConnectionOptions,
} from 'bullmq';
import { Pool, type PoolConfig } from 'pg';
import { Logger } from '@nestjs/common';
import { withPoolClient } from '../../database/checked-out.js';
import { connectWithRetry } from '../../database/connect-with-retry.js';
import { addressOf, connectionOptions } from '../../database/connection-options.js';
import type { DatabaseConfig } from '../../database/database.config.js';
import { DatabaseUrlMissing } from '../../database/database.errors.js';
import { detectSession } from '../../database/server-session.js';
import type { QueueConfig } from '../queue.config.js';
import { DirectPool, PooledPool, type QueuePool } from './postgres-pools.js';
import { SharedPostgresConnection } from './shared-postgres-connection.js';
import { QueueBackend } from './queue-backend.js';

/** BullMQ keeps its tables, and migrates them, in a schema of its own. */
export const QUEUE_SCHEMA = 'bullmq';
const IDLE_SECONDS = 30;

export class PostgresBackend extends QueueBackend {
  readonly kind = 'postgres';
  readonly prefix = 'dsim';

  private constructor(
    private readonly pool: QueuePool,
    private readonly shared: SharedPostgresConnection,
    readonly idleSeconds: number,
  ) {
    super();
  }

  static async open(queue: QueueConfig, database: DatabaseConfig): Promise<PostgresBackend> {
    const url = queue.databaseUrl ?? database.url;
    if (url === undefined) throw new DatabaseUrlMissing();
    const options: PoolConfig = {
      ...connectionOptions(url, database.tls),
      application_name: 'dsim-queue',
      // One connection is taken for good: it listens for new jobs.
      max: queue.poolSize + 1,
      connectionTimeoutMillis: database.connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    };
    const retry = { address: addressOf(url), timeoutMs: database.startTimeoutMs };
    const session = await connectWithRetry(() => detectSession(options), retry);
    const pool = session === 'direct' ? new DirectPool(options, QUEUE_SCHEMA) : new PooledPool(options, QUEUE_SCHEMA);
    if (session === 'pooled') {
      new Logger('Queue').warn({
        msg: 'jobs are polled for: PostgreSQL cannot notify through a pooler. Set QUEUE_DATABASE_URL to its direct address',
        pollMs: queue.pollMs,
      });
    }
    await migrate(pool.pool);
    const shared = new SharedPostgresConnection(pool, session === 'direct' ? undefined : queue.pollMs);
    return new PostgresBackend(pool, shared, session === 'direct' ? IDLE_SECONDS : queue.pollMs / 1000);
  }

  get connection(): ConnectionOptions {
    return this.shared as unknown as ConnectionOptions;
  }

  get workerConnection(): ConnectionOptions {
    return this.connection;
  }

  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.shared.shutDown();
    await this.pool.end();
  }
}

async function migrate(pool: Pool): Promise<void> {
  await withPoolClient(pool, async (client) => {
    const version = await assertSchemaCompatibility(client, QUEUE_SCHEMA).catch((error: unknown) => {
      if (error instanceof SchemaMigrationRequiredError) return 0;
      throw error;
    });
    if (version < LATEST_SCHEMA_VERSION) await runMigrations(client, QUEUE_SCHEMA);
  });
}
