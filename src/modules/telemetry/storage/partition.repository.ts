import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';
import {
  CHUNK_TABLES,
  type ChunkTier,
  boundsAt,
  boundsOfPartition,
  environmentKeyOf,
  environmentTable,
  partitionTable,
  storageLock,
} from './partition-names.js';

export interface Partition {
  readonly table: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rows stay in the main page up to this size, so that a read of an hourly chunk needs no second look-up. */
const TOAST_TARGET = 8160;
/** Recent partitions live for an hour or two: vacuuming them would be work for nothing. */
const STORAGE_OPTIONS: Record<ChunkTier, string> = {
  recent: `toast_tuple_target = ${TOAST_TARGET}, autovacuum_enabled = false`,
  hourly: `toast_tuple_target = ${TOAST_TARGET}`,
};
const LOCK_ATTEMPTS = 6;
const LOCK_NOT_AVAILABLE = '55P03';
const KNOWN_LIMIT = 20_000;

/**
 * Creates and drops partitions while others read and write. Creation attaches a finished table, which lets readers
 * and writers of the parent go on; dropping needs the parent for itself, so it asks for a short time and tries again.
 */
@Injectable()
export class PartitionRepository {
  /** Tables that this process has seen; another may have dropped them, see `forget`. */
  private readonly known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Makes sure that the partitions for these times exist. */
  async ensure(tier: ChunkTier, environmentKey: number, times: readonly number[]): Promise<void> {
    const missing = new Map<string, number>();
    for (const time of times) {
      const table = partitionTable(tier, environmentKey, time);
      if (!this.known.has(table)) missing.set(table, time);
    }
    if (missing.size === 0) return;
    await this.patiently((tx) => this.create(tx, tier, environmentKey, missing));
    if (this.known.size > KNOWN_LIMIT) this.known.clear();
    for (const table of missing.keys()) this.known.add(table);
  }

  /** Look again: a table that we knew turned out to be gone. */
  forget(): void {
    this.known.clear();
  }

  async list(tier: ChunkTier, environmentKey: number, tx?: Transaction): Promise<Partition[]> {
    const sql = `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                  WHERE i.inhparent = to_regclass($1) ORDER BY c.relname`;
    const parameters = [environmentTable(tier, environmentKey)];
    const rows = tx
      ? ((await tx.query(sql, parameters)) as { name: string }[])
      : await this.database.query<{ name: string }>(sql, parameters);
    return rows.flatMap(({ name }) => {
      const bounds = boundsOfPartition(tier, environmentKey, name);
      return bounds ? [{ table: name, ...bounds }] : [];
    });
  }

  /** Says that storage of this environment is wanted, until the environment is deleted. */
  async register(environmentId: string, environmentKey: number): Promise<void> {
    await this.database.query(
      `INSERT INTO telemetry_environments (environment_id, environment_key) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [environmentId, environmentKey],
    );
  }

  /** Keys of all environments that have storage, those of deleted environments included. */
  async environmentKeys(): Promise<number[]> {
    const keys = new Set<number>();
    for (const tier of ['recent', 'hourly'] as const) {
      const rows = await this.database.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = to_regclass($1)`,
        [CHUNK_TABLES[tier].table],
      );
      for (const { name } of rows) {
        const key = environmentKeyOf(tier, name);
        if (key !== undefined) keys.add(key);
      }
    }
    return [...keys];
  }

  /** Drops partitions that end at or before this time. */
  async dropBefore(tier: ChunkTier, environmentKey: number, timeMs: number): Promise<string[]> {
    const expired = (await this.list(tier, environmentKey)).filter((partition) => partition.toMs <= timeMs);
    for (const { table } of expired) {
      await this.patiently(async (tx) => {
        await this.database.lock(tx, storageLock(environmentKey));
        await this.drop(tx, table);
      });
    }
    return expired.map(({ table }) => table);
  }

  /** Within the caller's transaction; the caller holds the environment's storage lock. */
  async drop(tx: Transaction, table: string): Promise<void> {
    await tx.query(`DROP TABLE IF EXISTS ${table}`);
    this.known.delete(table);
  }

  /** All samples of an environment that is gone; nothing where it is not. False where nothing was dropped. */
  async dropEnvironment(environmentKey: number): Promise<boolean> {
    let dropped = false;
    for (const tier of ['recent', 'hourly'] as const) {
      // Leaf by leaf first: one transaction over hundreds of partitions could run out of lock slots.
      const leaves = (await this.list(tier, environmentKey)).map(({ table }) => table);
      for (const table of [...leaves, environmentTable(tier, environmentKey)]) {
        await this.patiently(async (tx) => {
          await this.database.lock(tx, storageLock(environmentKey));
          if (await isRegistered(tx, environmentKey)) return;
          await this.drop(tx, table);
          dropped = true;
        });
      }
    }
    return dropped;
  }

  private async create(
    tx: Transaction,
    tier: ChunkTier,
    environmentKey: number,
    missing: ReadonlyMap<string, number>,
  ): Promise<void> {
    await this.database.lock(tx, `telemetry:partitions:${environmentKey}`);
    const parent = environmentTable(tier, environmentKey);
    const root = CHUNK_TABLES[tier].table;
    if (!(await exists(tx, parent))) {
      await tx.query(`CREATE TABLE ${parent} (LIKE ${root} INCLUDING STORAGE) PARTITION BY RANGE (start_time)`);
      await tx.query(`ALTER TABLE ${root} ATTACH PARTITION ${parent} FOR VALUES IN (${environmentKey})`);
    }
    for (const [table, time] of missing) {
      if (await exists(tx, table)) continue;
      const { fromMs, toMs } = boundsAt(tier, time);
      await tx.query(`CREATE TABLE ${table} (LIKE ${root} INCLUDING STORAGE) WITH (${STORAGE_OPTIONS[tier]})`);
      await tx.query(
        `ALTER TABLE ${parent} ATTACH PARTITION ${table}
           FOR VALUES FROM ('${new Date(fromMs).toISOString()}') TO ('${new Date(toMs).toISOString()}')`,
      );
    }
  }

  /** A waiting DDL statement blocks everyone behind it: give up after a second, let them pass, try again. */
  private async patiently(work: (tx: Transaction) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.database.transaction(async (tx) => {
          await tx.query(`SET LOCAL lock_timeout = '1s'`);
          await work(tx);
        });
      } catch (error) {
        if (attempt === LOCK_ATTEMPTS || sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
        await sleep(100 * attempt);
      }
    }
  }
}

async function exists(tx: Transaction, table: string): Promise<boolean> {
  const rows = (await tx.query('SELECT to_regclass($1) IS NOT NULL AS found', [table])) as { found: boolean }[];
  return rows[0]?.found ?? false;
}

/** The row goes with its environment, in the transaction that deletes it. */
async function isRegistered(tx: Transaction, environmentKey: number): Promise<boolean> {
  const rows = (await tx.query('SELECT 1 FROM telemetry_environments WHERE environment_key = $1', [
    environmentKey,
  ])) as unknown[];
  return rows.length > 0;
}

/** SQLSTATE of a failed statement, wherever the driver's error is wrapped. */
export function sqlState(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string') return code;
  return typeof driverError === 'object' && driverError !== null ? sqlState(driverError) : undefined;
}
