import { Logger } from '@nestjs/common';
import { Pool, type PoolConfig } from 'pg';
import { useClient } from './checked-out.js';
import { isRetryableTransaction, isTransient } from './connection-errors.js';
import { reasonOf } from './database.errors.js';

/** A replica that failed is left alone for this long. */
const COOL_DOWN_MS = 10_000;

interface Replica {
  readonly pool: Pool;
  readonly address: string;
  downUntil: number;
}

/**
 * Pools of the read replicas, connected when first used: a replica that is away never keeps us from starting
 * (TypeORM's own replication option would).
 */
export class ReplicaPools {
  private readonly logger = new Logger(ReplicaPools.name);
  private readonly replicas: readonly Replica[];
  private turn = 0;

  constructor(servers: readonly { readonly address: string; readonly options: PoolConfig }[]) {
    this.replicas = servers.map(({ address, options }) => {
      const pool = new Pool(options);
      pool.on('error', (error) =>
        this.logger.warn({ msg: 'idle replica connection lost', address, reason: error.message }),
      );
      return { pool, address, downUntil: 0 };
    });
  }

  get pools(): readonly Pool[] {
    return this.replicas.map((replica) => replica.pool);
  }

  /** Rows from the next replica that answers, or undefined where none does. */
  async query<Row extends object>(sql: string, parameters: readonly unknown[]): Promise<Row[] | undefined> {
    for (let tried = 0; tried < this.replicas.length; tried++) {
      const replica = this.replicas[this.turn++ % this.replicas.length]!;
      if (replica.downUntil > Date.now()) continue;
      const client = await replica.pool.connect().catch((error: unknown) => this.leaveAlone(replica, error));
      if (!client) continue;
      try {
        return await useClient(client, async () => (await client.query<Row>(sql, [...parameters])).rows);
      } catch (error) {
        // A replica also cancels queries (40001) that stand in the way of what it replays.
        if (!isTransient(error) && !isRetryableTransaction(error)) throw error;
        this.leaveAlone(replica, error);
      }
    }
    return undefined;
  }

  private leaveAlone(replica: Replica, error: unknown): undefined {
    replica.downUntil = Date.now() + COOL_DOWN_MS;
    this.logger.warn({ msg: 'replica does not answer', address: replica.address, reason: reasonOf(error) });
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ pool }) => pool.end()));
  }
}
