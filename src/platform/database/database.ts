import type { EntityManager } from 'typeorm';

/** A running transaction on the primary. Pass it on explicitly; repositories take it as their first argument. */
export type Transaction = EntityManager;

export type SqlParameter =
  string | number | boolean | Date | Buffer | null | readonly (string | number | Buffer | null)[];

/** SQL for repositories and read models. Everything else in the product stays away from it. */
export abstract class Database {
  /** On the primary. */
  abstract query<Row extends object>(sql: string, parameters?: readonly SqlParameter[]): Promise<Row[]>;
  /** On a read replica where one is configured, else the primary. May lag; never read your own write with it. */
  abstract read<Row extends object>(sql: string, parameters?: readonly SqlParameter[]): Promise<Row[]>;
  /** Commits when `work` resolves, rolls back when it throws. Retries once on serialization failure or deadlock. */
  abstract transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** `COPY ... FROM STDIN (FORMAT binary)` inside a transaction; `chunks` is the whole binary stream, header included. */
  abstract copyIn(tx: Transaction, sql: string, chunks: Iterable<Buffer>): Promise<void>;
  /** Transaction-scoped advisory lock (works behind PgBouncer). Waits. */
  abstract lock(tx: Transaction, name: string): Promise<void>;
  /** As `lock`, but answers false at once when another holds it. */
  abstract tryLock(tx: Transaction, name: string): Promise<boolean>;
}
