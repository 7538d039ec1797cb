import { Injectable } from '@nestjs/common';
import { Database, type SqlParameter } from '../../../platform/database/database.js';
import type { SeriesStateName } from '../scoring/shard.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from './rows.js';

export interface SeriesStateRow {
  readonly seriesId: number;
  readonly state: SeriesStateName;
  readonly reason: string | null;
  readonly since: Date;
}

export interface AnomalyFilter {
  readonly state?: 'open' | 'ended';
  readonly seriesId?: number;
  /** Anomalies that overlap [from, to). */
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
  /** Start and id of the last anomaly of the page before. */
  readonly after?: readonly [Date, string];
}

/** Questions about detection, answered for HTTP. */
@Injectable()
export class DetectionReadModel {
  constructor(private readonly database: Database) {}

  async countsByState(environmentId: string): Promise<Partial<Record<SeriesStateName, number>>> {
    const rows = await this.database.read<{ state: SeriesStateName; count: number }>(
      `SELECT state, count(*)::integer AS count FROM anomaly_detection_series_states
       WHERE environment_id = $1 GROUP BY state`,
      [environmentId],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async scoredUntil(environmentId: string): Promise<Date | null> {
    const [row] = await this.database.read<{ scoredUntil: Date }>(
      `SELECT scored_until AS "scoredUntil" FROM anomaly_detection_environments WHERE environment_id = $1`,
      [environmentId],
    );
    return row?.scoredUntil ?? null;
  }

  async openAnomalies(environmentId: string): Promise<number> {
    const [row] = await this.database.read<{ count: number }>(
      `SELECT count(*)::integer AS count FROM anomaly_detection_anomalies WHERE environment_id = $1 AND state = 'open'`,
      [environmentId],
    );
    return row!.count;
  }

  /** Seconds since the last tick that is scored in full, of every environment that has something to score. */
  async lags(): Promise<{ readonly environmentId: string; readonly value: number }[]> {
    return this.database.read(
      `SELECT environment_id AS "environmentId", extract(epoch FROM greatest(now() - scored_until, interval '0'))::float8 AS value
       FROM anomaly_detection_environments e
       WHERE EXISTS (SELECT 1 FROM anomaly_detection_shards s WHERE s.environment_id = e.environment_id)`,
    );
  }

  async openAnomaliesOfAll(): Promise<{ readonly environmentId: string; readonly value: number }[]> {
    return this.database.read(
      `SELECT e.environment_id AS "environmentId",
         (SELECT count(*)::int FROM anomaly_detection_anomalies a
          WHERE a.environment_id = e.environment_id AND a.state = 'open') AS value
       FROM anomaly_detection_environments e`,
    );
  }

  /** How far learning of a shard's longer history is; null where none is going on. */
  async learningOf(
    environmentId: string,
    shard: number,
  ): Promise<{ readonly from: Date; readonly until: Date } | null> {
    const [row] = await this.database.read<{ from: Date; until: Date }>(
      `SELECT learning_from AS "from", learning_until AS "until" FROM anomaly_detection_shards
       WHERE environment_id = $1 AND shard = $2 AND learning_from IS NOT NULL AND learning_until IS NOT NULL`,
      [environmentId, shard],
    );
    return row ?? null;
  }

  /** Shards whose longer history is being learned, and the mean share of it that is done; null where there are none. */
  async learning(environmentId: string): Promise<{ readonly shards: number; readonly share: number } | null> {
    const [row] = await this.database.read<{ shards: number; share: number | null }>(
      `SELECT count(*)::integer AS shards, avg(extract(epoch FROM learning_until - learning_from)
         / nullif(extract(epoch FROM scored_until - learning_from), 0))::float8 AS share
       FROM anomaly_detection_shards WHERE environment_id = $1 AND learning_from IS NOT NULL`,
      [environmentId],
    );
    return row && row.shards > 0 ? { shards: row.shards, share: Math.min(1, row.share ?? 0) } : null;
  }

  async seriesStates(
    environmentId: string,
    filter: { readonly state?: SeriesStateName; readonly limit: number; readonly afterSeriesId: number },
  ): Promise<SeriesStateRow[]> {
    const parameters: SqlParameter[] = [environmentId, filter.afterSeriesId, filter.limit];
    const byState = filter.state === undefined ? '' : `AND state = $${parameters.push(filter.state)}`;
    return this.database.read<SeriesStateRow>(
      `SELECT series_id AS "seriesId", state, reason, since FROM anomaly_detection_series_states
       WHERE environment_id = $1 AND series_id > $2 ${byState} ORDER BY series_id LIMIT $3`,
      parameters,
    );
  }

  /** Newest first. */
  async anomalies(environmentId: string, filter: AnomalyFilter): Promise<AnomalyRow[]> {
    const parameters: SqlParameter[] = [environmentId, filter.limit];
    const conditions = ['environment_id = $1'];
    const bind = (value: SqlParameter): string => `$${parameters.push(value)}`;
    if (filter.state !== undefined) conditions.push(`state = ${bind(filter.state)}`);
    if (filter.seriesId !== undefined) conditions.push(`series_id = ${bind(filter.seriesId)}`);
    if (filter.to !== undefined) conditions.push(`started_at < ${bind(filter.to)}`);
    if (filter.from !== undefined) conditions.push(`(ended_at IS NULL OR ended_at > ${bind(filter.from)})`);
    if (filter.after !== undefined) {
      const [startedAt, id] = filter.after;
      conditions.push(`(started_at, id) < (${bind(startedAt)}, ${bind(id)}::uuid)`);
    }
    return this.database.read<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE ${conditions.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT $2`,
      parameters,
    );
  }
}
