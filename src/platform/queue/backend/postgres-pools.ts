import { Logger } from '@nestjs/common';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import { Pool, type PoolConfig } from 'pg';
import { withPoolClient } from '../../database/checked-out.js';
import { isTransient } from '../../database/connection-errors.js';
import { reasonOf } from '../../database/database.errors.js';

/**
 * BullMQ tells "the server is away, wait" from "this command is wrong" by the code ECONNREFUSED alone, and would
 * hammer a server that is just starting. So every passing failure gets that code.
 */
function asConnectionError(error: unknown): unknown {
  if (!isTransient(error)) return error;
  return Object.assign(new Error(reasonOf(error), { cause: error }), { code: 'ECONNREFUSED' });
}

/** The pool that all queues and workers of the process share. */
export abstract class QueuePool implements PgPool {
  readonly pool: Pool;

  constructor(options: PoolConfig) {
    this.pool = new Pool(options);
    const logger = new Logger('Queue');
    this.pool.on('error', (error) => logger.warn({ msg: 'idle queue connection lost', reason: reasonOf(error) }));
  }

  async query<R = unknown>(text: string, parameters?: readonly unknown[]): Promise<PgQueryResult<R>> {
    try {
      return (await this.run(text, parameters)) as PgQueryResult<R>;
    } catch (error) {
      throw asConnectionError(error);
    }
  }

  async connect(): Promise<PgPoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw asConnectionError(error);
    }
  }

  async end(): Promise<void> {
    await this.pool.end();
  }

  on(...[event, listener]: Parameters<Pool['on']>): this {
    this.pool.on(event, listener);
    return this;
  }

  removeAllListeners(event?: string): this {
    this.pool.removeAllListeners(event);
    return this;
  }

  /** BullMQ asks whether a silent loss of the listening connection would be noticed. */
  get options(): { readonly keepAlive: boolean } {
    return { keepAlive: true };
  }

  protected abstract run(text: string, parameters?: readonly unknown[]): Promise<unknown>;
}

/** BullMQ's SQL names no schema: the search path of the session does. */
export class DirectPool extends QueuePool {
  constructor(options: PoolConfig, schema: string) {
    super({ ...options, options: `-c search_path=${schema}` });
  }

  protected override run(text: string, parameters?: readonly unknown[]): Promise<unknown> {
    return this.pool.query(text, parameters && [...parameters]);
  }
}

/** Behind a pooler a session keeps nothing, so every statement brings its search path, in a transaction. */
export class PooledPool extends QueuePool {
  constructor(
    options: PoolConfig,
    private readonly schema: string,
  ) {
    super(options);
  }

  protected override run(text: string, parameters?: readonly unknown[]): Promise<unknown> {
    return withPoolClient(this.pool, async (client) => {
      try {
        await client.query(`BEGIN; SET LOCAL search_path TO ${this.schema}`);
        const result: unknown = await client.query(text, parameters && [...parameters]);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // Where even this fails the connection is gone, and the pool drops it.
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }
}
