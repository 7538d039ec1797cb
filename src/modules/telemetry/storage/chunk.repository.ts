import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { CHUNK_COLUMNS, type ChunkCopyEncoder } from './copy-encoder.js';
import { HOUR_MS } from './partition-names.js';

export interface StoredChunk {
  readonly seriesId: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

/** An hour of an environment that was merged before and got late samples since. */
export interface LateHour {
  readonly environmentId: string;
  readonly hourMs: number;
  readonly writes: number;
}

@Injectable()
export class ChunkRepository {
  constructor(private readonly database: Database) {}

  /** A number above those of all chunks so far. Call it under the environment's storage lock. */
  async nextSequence(tx: Transaction): Promise<number> {
    const rows = (await tx.query(`SELECT nextval('telemetry_chunk_sequence')::float8 AS sequence`)) as {
      sequence: number;
    }[];
    return rows[0]!.sequence;
  }

  /** Straight into the partition, which saves the server routing each row. */
  async copy(tx: Transaction, partition: string, encoder: ChunkCopyEncoder): Promise<void> {
    await this.database.copyIn(tx, `COPY ${partition} (${CHUNK_COLUMNS}) FROM STDIN (FORMAT binary)`, encoder.finish());
  }

  /** Series with a chunk in this table whose start is within the hour, ascending. */
  async seriesInHour(tx: Transaction, table: string, hourMs: number): Promise<number[]> {
    const rows = (await tx.query(
      `SELECT DISTINCT series_id AS id FROM ${table} WHERE ${WITHIN_HOUR} ORDER BY series_id`,
      hourBounds(hourMs),
    )) as { id: number }[];
    return rows.map((row) => row.id);
  }

  /** Chunks of the hour of series in [first, last], each series in the order of writing. */
  async chunksInHour(
    tx: Transaction,
    tables: readonly string[],
    hourMs: number,
    first: number,
    last: number,
  ): Promise<StoredChunk[]> {
    const parts = tables.map(
      (table) =>
        `SELECT series_id, sequence, payload FROM ${table} WHERE ${WITHIN_HOUR} AND series_id BETWEEN $3 AND $4`,
    );
    return (await tx.query(
      `SELECT series_id AS "seriesId", sequence::float8 AS sequence, payload FROM (${parts.join(' UNION ALL ')}) c
        ORDER BY series_id, sequence`,
      [...hourBounds(hourMs), first, last],
    )) as StoredChunk[];
  }

  async deleteHour(tx: Transaction, table: string, hourMs: number): Promise<void> {
    await tx.query(`DELETE FROM ${table} WHERE ${WITHIN_HOUR}`, hourBounds(hourMs));
  }

  async noteLateHours(tx: Transaction, environmentId: string, hours: readonly number[]): Promise<void> {
    await tx.query(
      `INSERT INTO telemetry_late_hours (environment_id, hour, writes)
       SELECT $1, to_timestamp(h / 1000), 1 FROM unnest($2::float8[]) AS h
       ON CONFLICT (environment_id, hour) DO UPDATE
         SET writes = telemetry_late_hours.writes + 1, last_written_at = now()`,
      [environmentId, hours],
    );
  }

  /** Late hours that nothing was added to for a while, or that fell apart into too many pieces to wait. */
  async settledLateHours(environmentId: string, calmSeconds: number, mostWrites: number): Promise<LateHour[]> {
    return this.database.query<LateHour>(
      `SELECT environment_id AS "environmentId", (extract(epoch FROM hour) * 1000)::float8 AS "hourMs", writes
         FROM telemetry_late_hours WHERE environment_id = $1
          AND (last_written_at < now() - make_interval(secs => $2) OR writes >= $3) ORDER BY hour`,
      [environmentId, calmSeconds, mostWrites],
    );
  }

  async clearLateHour(tx: Transaction, environmentId: string, hourMs: number): Promise<void> {
    await tx.query('DELETE FROM telemetry_late_hours WHERE environment_id = $1 AND hour = to_timestamp($2 / 1000.0)', [
      environmentId,
      hourMs,
    ]);
  }

  /** Late hours whose samples retention has dropped. */
  async forgetLateHours(environmentId: string, beforeMs: number): Promise<void> {
    await this.database.query(
      'DELETE FROM telemetry_late_hours WHERE environment_id = $1 AND hour < to_timestamp($2 / 1000.0)',
      [environmentId, beforeMs],
    );
  }

  async noteLastSample(tx: Transaction, environmentId: string, environmentKey: number, timeMs: number): Promise<void> {
    await tx.query(
      `INSERT INTO telemetry_environments (environment_id, environment_key, last_sample_at)
       VALUES ($1, $2, to_timestamp($3 / 1000.0))
       ON CONFLICT (environment_id) DO UPDATE
         SET last_sample_at = greatest(telemetry_environments.last_sample_at, excluded.last_sample_at)`,
      [environmentId, environmentKey, timeMs],
    );
  }
}

const WITHIN_HOUR = 'start_time >= $1::timestamptz AND start_time < $2::timestamptz';

function hourBounds(hourMs: number): [string, string] {
  return [new Date(hourMs).toISOString(), new Date(hourMs + HOUR_MS).toISOString()];
}
