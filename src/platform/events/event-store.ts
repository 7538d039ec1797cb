import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../database/database.js';

export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly environmentId: string | null;
  readonly payload: unknown;
  readonly trace: Record<string, string> | null;
  readonly occurredAt: Date;
}

export interface Tail {
  readonly events: readonly StoredEvent[];
  /** Give it to the next call. */
  readonly snapshot: string;
}

const COLUMNS = `id, type, version, environment_id AS "environmentId", payload, trace, occurred_at AS "occurredAt"`;
const PRUNE_BATCH = 5_000;

/** The only SQL of the outbox. */
@Injectable()
export class EventStore {
  constructor(private readonly database: Database) {}

  /** In one statement; their sequence is the order given. */
  async append(tx: Transaction, events: readonly Omit<StoredEvent, 'occurredAt'>[]): Promise<void> {
    if (events.length === 0) return;
    await tx.query(
      `INSERT INTO platform_events (id, type, version, environment_id, payload, trace, occurred_at)
       SELECT id, type, version, environment_id, payload::jsonb, trace::jsonb, clock_timestamp()
         FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::uuid[], $5::text[], $6::text[])
              WITH ORDINALITY AS event (id, type, version, environment_id, payload, trace, position)
        ORDER BY position`,
      [
        events.map((event) => event.id),
        events.map((event) => event.type),
        events.map((event) => event.version),
        events.map((event) => event.environmentId),
        events.map((event) => JSON.stringify(event.payload)),
        events.map((event) => event.trace && JSON.stringify(event.trace)),
      ],
    );
  }

  /**
   * Hands the oldest undelivered events to `deliver` and marks them when it resolves. Several workers share the work:
   * each skips what another holds. Returns how many there were.
   */
  async dispatch(limit: number, deliver: (events: readonly StoredEvent[]) => Promise<void>): Promise<number> {
    return this.database.transaction(async (tx) => {
      const events = await tx.query<StoredEvent[]>(
        `SELECT ${COLUMNS} FROM platform_events WHERE dispatched_at IS NULL
          ORDER BY sequence LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
      if (events.length === 0) return 0;
      await deliver(events);
      await tx.query('UPDATE platform_events SET dispatched_at = clock_timestamp() WHERE id = ANY($1::uuid[])', [
        events.map((event) => event.id),
      ]);
      return events.length;
    });
  }

  /** True where `dispatch` would find something. Cheaper than an empty transaction. */
  async hasUndispatched(): Promise<boolean> {
    const [row] = await this.database.query<{ found: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM platform_events WHERE dispatched_at IS NULL) AS found',
    );
    return row!.found;
  }

  async currentSnapshot(): Promise<string> {
    const [row] = await this.database.query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot');
    return row!.snapshot;
  }

  /**
   * Events that became visible between the snapshot and now. Transactions commit in another order than they write, so
   * neither time nor sequence would do: this asks PostgreSQL itself which rows it could not show before.
   */
  async since(snapshot: string, limit: number): Promise<Tail> {
    const rows = await this.database.query<StoredEvent & { snapshot: string }>(
      `SELECT now.snapshot::text AS snapshot, event.*
         FROM (SELECT pg_current_snapshot() AS snapshot) now
         LEFT JOIN LATERAL (
           SELECT ${COLUMNS} FROM platform_events
            WHERE transaction_id >= pg_snapshot_xmin($1::pg_snapshot)
              AND transaction_id < pg_snapshot_xmax(now.snapshot)
              AND NOT pg_visible_in_snapshot(transaction_id, $1::pg_snapshot)
            ORDER BY sequence LIMIT $2
         ) event ON true`,
      [snapshot, limit],
    );
    return { snapshot: rows[0]!.snapshot, events: rows.filter((row) => row.id !== null) };
  }

  /** Removes delivered events in small steps. Returns how many. */
  async prune(olderThanHours: number, signal: AbortSignal): Promise<number> {
    for (let removed = 0; ;) {
      const batch = await this.database.query(
        `DELETE FROM platform_events WHERE id IN (
           SELECT id FROM platform_events
            WHERE dispatched_at < now() - $1 * interval '1 hour' ORDER BY dispatched_at LIMIT $2)
         RETURNING 1`,
        [olderThanHours, PRUNE_BATCH],
      );
      removed += batch.length;
      if (batch.length < PRUNE_BATCH || signal.aborted) return removed;
    }
  }
}
