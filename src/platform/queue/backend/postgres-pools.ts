import { Logger } from '@nestjs/common';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import { Pool, type PoolConfig } from 'pg';
import { withPoolClient } from '../../database/checked-out.js';
import { errorCode } from '../../database/connection-errors.js';
import { reasonOf } from '../../database/database.errors.js';
import { RepeatedWarnings } from '../repeated-warnings.js';

/**
 * BullMQ tells "the server is away, wait" from "this command is wrong" by the code ECONNREFUSED alone, and repeats
 * everything else at once and without end. So whatever is not about the command itself gets that code: a server that
 * starts, a full disk, a lost database. Its own conditions have BM001; classes 22 and 23 are about the data.
 */
function asConnectionError(error: unknown): unknown {
  if (/^(BM|22|23)/.test(errorCode(error) ?? '')) return error;
  return Object.assign(new Error(reasonOf(error), { cause: error }), { code: 'ECONNREFUSED' });
}

/** The pool that all queues and workers of the process share. */
export abstract class QueuePool implements PgPool {
  readonly pool: Pool;
  private readonly warnings = new RepeatedWarnings(new Logger('Queue'));

  constructor(options: PoolConfig) {
    this.pool = new Pool(options);
    this.pool.on('error', (error) => this.warnings.warn('idle queue connection lost', reasonOf(error)));
  }

  async query<R = unknown>(text: string, parameters?: readonly unknown[]): Promise<PgQueryResult<R>> {
    try {
      return (await this.run(text, parameters)) as PgQueryResult<R>;
    } catch (error) {
      throw this.failure(error);
    }
  }

  async connect(): Promise<PgPoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw this.failure(error);
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

  /** BullMQ says nothing while it waits for a server: we do: at once, and now and then. */
  private failure(error: unknown): unknown {
    const failure = asConnectionError(error);
    if (failure !== error) this.warnings.warn('the queue in PostgreSQL fails; trying again', reasonOf(error));
    return failure;
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
