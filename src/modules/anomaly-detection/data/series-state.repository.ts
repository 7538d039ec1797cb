import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { SeriesState, SeriesStateName } from '../scoring/shard.js';

export interface SeriesStateChange extends SeriesState {
  readonly seriesId: number;
  readonly at: EpochMs;
}

@Injectable()
export class SeriesStateRepository {
  constructor(private readonly database: Database) {}

  async of(environmentId: string, seriesIds: readonly number[]): Promise<Map<number, SeriesState>> {
    const rows = await this.database.query<{ seriesId: number; state: SeriesStateName; reason: string | null }>(
      `SELECT series_id AS "seriesId", state, reason FROM anomaly_detection_series_states
       WHERE environment_id = $1 AND series_id = ANY($2::integer[])`,
      [environmentId, seriesIds],
    );
    return new Map(rows.map(({ seriesId, state, reason }) => [seriesId, { state, reason }]));
  }

  /** `since` moves only when the state does, not when its reason is worded anew. */
  async write(tx: Transaction, environmentId: string, changes: readonly SeriesStateChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `INSERT INTO anomaly_detection_series_states AS known (environment_id, series_id, state, reason, since)
       SELECT $1::uuid, * FROM unnest($2::integer[], $3::text[], $4::text[], $5::timestamptz[])
       ON CONFLICT (environment_id, series_id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
         since = CASE WHEN known.state = excluded.state THEN known.since ELSE excluded.since END`,
      [
        environmentId,
        changes.map((change) => change.seriesId),
        changes.map((change) => change.state),
        changes.map((change) => change.reason),
        changes.map((change) => new Date(change.at)),
      ],
    );
  }

  /** Ids of series with a state, ascending, beyond `after`. */
  async seriesAfter(environmentId: string, after: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT series_id AS id FROM anomaly_detection_series_states
       WHERE environment_id = $1 AND series_id > $2 ORDER BY series_id LIMIT $3`,
      [environmentId, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  async delete(environmentId: string, seriesIds: readonly number[]): Promise<void> {
    await this.database.query(
      `DELETE FROM anomaly_detection_series_states WHERE environment_id = $1 AND series_id = ANY($2::integer[])`,
      [environmentId, seriesIds],
    );
  }
}
