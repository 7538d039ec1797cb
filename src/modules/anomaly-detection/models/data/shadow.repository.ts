import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../../platform/database/database.js';

/** What a shadow and the active models made of the same points in one hour of event time. */
export interface ShadowHour {
  readonly modelId: string;
  readonly environmentId: string;
  readonly hour: Date;
  points: number;
  /** Sum over scored series of the time they were scored in. */
  seriesSeconds: number;
  bothCalm: number;
  bothAbove: number;
  onlyActive: number;
  onlyShadow: number;
  /** Sum of |difference| of scores, each bounded to 10. */
  scoreDifference: number;
  activeAnomalies: number;
  shadowAnomalies: number;
}

export type Judge = 'active' | 'shadow';

/** An anomaly that a judge found, or would have found were it active. */
export interface ShadowAnomaly {
  readonly modelId: string;
  readonly environmentId: string;
  readonly seriesId: number;
  readonly judge: Judge;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly score: number;
}

export type ShadowTotals = Omit<ShadowHour, 'modelId' | 'environmentId' | 'hour'> & {
  readonly from: Date | null;
  readonly until: Date | null;
};

@Injectable()
export class ShadowRepository {
  constructor(private readonly db: Database) {}

  /** Rows in one order, whoever writes them: two that wait for each other would never end. */
  async add(tx: Transaction, hours: readonly ShadowHour[], anomalies: readonly ShadowAnomaly[]): Promise<void> {
    if (hours.length > 0) {
      await tx.query(
        `INSERT INTO anomaly_detection_shadow_hours AS h (model_id, environment_id, hour, points, series_seconds,
           both_calm, both_above, only_active, only_shadow, score_difference, active_anomalies, shadow_anomalies)
         SELECT r."modelId", r."environmentId", r.hour, r.points, r."seriesSeconds", r."bothCalm", r."bothAbove",
           r."onlyActive", r."onlyShadow", r."scoreDifference", r."activeAnomalies", r."shadowAnomalies"
         FROM jsonb_to_recordset($1::jsonb) AS r("modelId" uuid, "environmentId" uuid, hour timestamptz, points bigint,
           "seriesSeconds" float8, "bothCalm" bigint, "bothAbove" bigint, "onlyActive" bigint, "onlyShadow" bigint,
           "scoreDifference" float8, "activeAnomalies" integer, "shadowAnomalies" integer)
         JOIN anomaly_detection_models m ON m.id = r."modelId"
         ORDER BY r."modelId", r.hour
         ON CONFLICT (model_id, environment_id, hour) DO UPDATE SET points = h.points + excluded.points,
           series_seconds = h.series_seconds + excluded.series_seconds, both_calm = h.both_calm + excluded.both_calm,
           both_above = h.both_above + excluded.both_above, only_active = h.only_active + excluded.only_active,
           only_shadow = h.only_shadow + excluded.only_shadow,
           score_difference = h.score_difference + excluded.score_difference,
           active_anomalies = h.active_anomalies + excluded.active_anomalies,
           shadow_anomalies = h.shadow_anomalies + excluded.shadow_anomalies`,
        [JSON.stringify(hours)],
      );
    }
    if (anomalies.length > 0) {
      await tx.query(
        `INSERT INTO anomaly_detection_shadow_anomalies AS a (model_id, environment_id, series_id, judge, started_at,
           ended_at, score)
         SELECT r."modelId", r."environmentId", r."seriesId", r.judge, r."startedAt", r."endedAt", r.score
         FROM jsonb_to_recordset($1::jsonb) AS r("modelId" uuid, "environmentId" uuid, "seriesId" integer, judge text,
           "startedAt" timestamptz, "endedAt" timestamptz, score float8)
         JOIN anomaly_detection_models m ON m.id = r."modelId"
         ON CONFLICT (model_id, environment_id, series_id, judge, started_at)
         DO UPDATE SET ended_at = excluded.ended_at, score = greatest(a.score, excluded.score)`,
        [JSON.stringify(anomalies)],
      );
    }
  }

  async totals(modelId: string, environmentId: string, since: Date | null): Promise<ShadowTotals> {
    const [row] = await this.db.query<ShadowTotals>(
      `SELECT min(hour) AS from, max(hour) + interval '1 hour' AS until,
         coalesce(sum(points), 0)::float8 AS points, coalesce(sum(series_seconds), 0) AS "seriesSeconds",
         coalesce(sum(both_calm), 0)::float8 AS "bothCalm", coalesce(sum(both_above), 0)::float8 AS "bothAbove",
         coalesce(sum(only_active), 0)::float8 AS "onlyActive", coalesce(sum(only_shadow), 0)::float8 AS "onlyShadow",
         coalesce(sum(score_difference), 0) AS "scoreDifference",
         coalesce(sum(active_anomalies), 0)::integer AS "activeAnomalies",
         coalesce(sum(shadow_anomalies), 0)::integer AS "shadowAnomalies"
       FROM (
         SELECT hour, points, series_seconds, both_calm, both_above, only_active, only_shadow, score_difference,
           active_anomalies, shadow_anomalies
         FROM anomaly_detection_shadow_hours WHERE model_id = $1 AND environment_id = $2
         UNION ALL
         SELECT s.hour, c.points, c."seriesSeconds", c."bothCalm", c."bothAbove", c."onlyActive", c."onlyShadow",
           c."scoreDifference", c."activeAnomalies", c."shadowAnomalies"
         FROM anomaly_detection_shadow_shards s, jsonb_to_record(s.counts) AS c(points bigint, "seriesSeconds" float8,
           "bothCalm" bigint, "bothAbove" bigint, "onlyActive" bigint, "onlyShadow" bigint, "scoreDifference" float8,
           "activeAnomalies" integer, "shadowAnomalies" integer)
         WHERE s.model_id = $1 AND s.environment_id = $2 AND s.hour IS NOT NULL
       ) AS counted
       WHERE $3::timestamptz IS NULL OR hour >= date_trunc('hour', $3::timestamptz)`,
      [modelId, environmentId, since],
    );
    return row!;
  }

  async anomalies(modelId: string, environmentId: string, since: Date | null, limit: number): Promise<ShadowAnomaly[]> {
    return this.db.query<ShadowAnomaly>(
      `SELECT model_id AS "modelId", environment_id AS "environmentId", series_id AS "seriesId", judge,
         started_at AS "startedAt", ended_at AS "endedAt", score
       FROM anomaly_detection_shadow_anomalies
       WHERE model_id = $1 AND environment_id = $2 AND ($3::timestamptz IS NULL OR started_at >= $3)
       ORDER BY started_at DESC LIMIT $4`,
      [modelId, environmentId, since, limit],
    );
  }

  async deleteBefore(environmentId: string, at: Date): Promise<void> {
    await this.db.query(
      `DELETE FROM anomaly_detection_shadow_anomalies WHERE environment_id = $1 AND started_at < $2`,
      [environmentId, at],
    );
    for (const [table, column] of [
      ['hours', 'hour'],
      ['shards', 'counted_until'],
    ]) {
      await this.db.query(
        `DELETE FROM anomaly_detection_shadow_${table} WHERE environment_id = $1 AND ${column} < $2`,
        [environmentId, at],
      );
    }
  }
}
