import { Injectable } from '@nestjs/common';
import { Database, type SqlParameter, type Transaction } from '../../../platform/database/database.js';

export interface JournalRow {
  readonly environmentId: string;
  readonly environmentKey: number;
  readonly minTime: number;
  readonly maxTime: number;
  /** Smallest and largest id of its series; unset: unknown, and every reader has to look. */
  readonly minSeries?: number;
  readonly maxSeries?: number;
  readonly samples: number;
  readonly payload: Buffer;
}

export interface WaitingJournal {
  readonly environmentId: string;
  readonly samples: number;
  readonly oldestMs: number;
}

/** What one pack takes, in the order of writing. */
export interface TakenRow {
  readonly id: string;
  readonly payload: Buffer;
}

const MOST_ROWS_TAKEN = 20_000;

/** Acknowledged requests that are not packed yet. Rows are never changed. */
@Injectable()
export class JournalRepository {
  constructor(private readonly database: Database) {}

  /** Durable when it resolves: one statement, one commit, however many rows. */
  async insert(rows: readonly JournalRow[]): Promise<void> {
    const parameters: SqlParameter[] = [];
    const tuples = rows.map((row) => {
      const at = parameters.length;
      parameters.push(row.environmentId, row.environmentKey, row.minTime, row.maxTime, row.samples, row.payload);
      parameters.push(row.minSeries ?? null, row.maxSeries ?? null);
      return `($${at + 1}, $${at + 2}, to_timestamp($${at + 3}::float8 / 1000), to_timestamp($${at + 4}::float8 / 1000), $${at + 5}, $${at + 6}, $${at + 7}, $${at + 8})`;
    });
    await this.database.query(
      `INSERT INTO telemetry_journal (environment_id, environment_key, min_time, max_time, samples, payload,
         min_series, max_series)
       VALUES ${tuples.join(', ')}`,
      parameters,
    );
  }

  async waiting(): Promise<WaitingJournal[]> {
    return this.database.query<WaitingJournal>(
      `SELECT environment_id AS "environmentId", sum(samples)::float8 AS samples,
              (extract(epoch FROM min(received_at)) * 1000)::float8 AS "oldestMs"
         FROM telemetry_journal WHERE quarantined_at IS NULL GROUP BY environment_id`,
    );
  }

  /** The oldest rows, up to about so many samples. */
  async take(tx: Transaction, environmentId: string, maxSamples: number): Promise<TakenRow[]> {
    return (await tx.query(
      `SELECT id::text AS id, payload FROM (
         SELECT id, payload, sum(samples) OVER (ORDER BY id) - samples AS before FROM (
           SELECT id, payload, samples FROM telemetry_journal
            WHERE environment_id = $1 AND quarantined_at IS NULL ORDER BY id LIMIT ${MOST_ROWS_TAKEN}) oldest) counted
        WHERE before < $2 ORDER BY counted.id`,
      [environmentId, maxSamples],
    )) as TakenRow[];
  }

  async delete(tx: Transaction, ids: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM telemetry_journal WHERE id = ANY ($1::bigint[])', [ids]);
  }

  /** Sets a row that cannot be decoded aside, so that it neither stops the pack nor disappears. */
  async quarantine(tx: Transaction, id: string): Promise<void> {
    await tx.query('UPDATE telemetry_journal SET quarantined_at = now() WHERE id = $1', [id]);
  }

  /** Payloads of those rows that are still there, by id. */
  async payloads(ids: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await this.database.query<{ id: string; payload: Buffer }>(
      'SELECT id::text AS id, payload FROM telemetry_journal WHERE id = ANY ($1::bigint[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.payload]));
  }
}
