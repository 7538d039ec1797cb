import { Injectable } from '@nestjs/common';
import type { ScoredPoint } from '../../../engine/detection/anomaly-tracker.js';
import type { EndReason } from '../../../engine/detection/end-reasons.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from './rows.js';

export interface AnomalyEnd {
  readonly at: EpochMs;
  readonly reason: EndReason;
  readonly adopted: boolean;
}

export interface AnomalyChange {
  readonly id: string;
  readonly peak: ScoredPoint;
  /** Score of each channel at the peak; empty where a process that saw it is gone: what is stored stays. */
  readonly contributions: Readonly<Record<string, number>>;
  /** Null while it lasts. */
  readonly end: AnomalyEnd | null;
}

@Injectable()
export class AnomalyRepository {
  constructor(private readonly database: Database) {}

  /** The open anomalies of these series, that they are silent left aside: nothing that is scored ends it. */
  async openRows(seriesIds: readonly number[]): Promise<AnomalyRow[]> {
    if (seriesIds.length === 0) return [];
    return this.database.query<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE series_id = ANY($1::integer[]) AND state = 'open' AND silence IS NULL`,
      [seriesIds],
    );
  }

  /** Ids of the open anomalies of these series, by series. */
  async openOf(tx: Transaction, seriesIds: readonly number[]): Promise<Map<number, string>> {
    const rows = await tx.query<{ id: string; seriesId: number }[]>(
      `SELECT id, series_id AS "seriesId" FROM anomaly_detection_anomalies
       WHERE series_id = ANY($1::integer[]) AND state = 'open' AND silence IS NULL`,
      [seriesIds],
    );
    return new Map(rows.map(({ id, seriesId }) => [seriesId, id]));
  }

  /** Ids of those that are new: not where the stretch is known already, or another of the series is open. */
  async open(tx: Transaction, environmentId: string, anomalies: readonly AnomalyRow[]): Promise<Set<string>> {
    if (anomalies.length === 0) return new Set();
    const inserted = await tx.query<{ id: string }[]>(
      `INSERT INTO anomaly_detection_anomalies (id, environment_id, series_id, labels, detector, state,
         started_at, peak_at, score, value, yhat, yhat_lower, yhat_upper, contributions, silence)
       SELECT id, $1::uuid, series_id, labels::jsonb, detector, 'open',
         started_at, peak_at, score, value, yhat, yhat_lower, yhat_upper, contributions::jsonb, silence::jsonb
       FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
         $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::text[], $14::text[])
         AS found (id, series_id, labels, detector, started_at, peak_at, score, value, yhat, yhat_lower, yhat_upper,
           contributions, silence)
       ON CONFLICT DO NOTHING RETURNING id`,
      [
        environmentId,
        anomalies.map((anomaly) => anomaly.id),
        anomalies.map((anomaly) => anomaly.seriesId),
        anomalies.map((anomaly) => JSON.stringify(anomaly.labels)),
        anomalies.map((anomaly) => anomaly.detector),
        anomalies.map((anomaly) => anomaly.startedAt),
        anomalies.map((anomaly) => anomaly.peakAt),
        anomalies.map((anomaly) => anomaly.score),
        anomalies.map((anomaly) => anomaly.value),
        anomalies.map((anomaly) => anomaly.yhat),
        anomalies.map((anomaly) => anomaly.yhatLower),
        anomalies.map((anomaly) => anomaly.yhatUpper),
        anomalies.map((anomaly) => JSON.stringify(anomaly.contributions)),
        anomalies.map(({ silence }) => silence && JSON.stringify(silence)),
      ],
    );
    return new Set(inserted.map(({ id }) => id));
  }

  /** New peaks and ends. Answers the anomalies that ended, without those that had ended before. */
  async change(tx: Transaction, changes: readonly AnomalyChange[]): Promise<AnomalyRow[]> {
    if (changes.length === 0) return [];
    const [rows] = await tx.query<[(AnomalyRow & { readonly ends: boolean })[], number]>(
      `UPDATE anomaly_detection_anomalies known
       SET peak_at = news.new_peak_at, score = news.new_score, value = news.new_value, yhat = news.new_yhat,
         yhat_lower = news.new_yhat_lower, yhat_upper = news.new_yhat_upper,
         contributions = coalesce(nullif(news.new_contributions::jsonb, '{}'), contributions),
         state = CASE WHEN news.new_end IS NULL THEN state ELSE 'ended' END,
         ended_at = coalesce(news.new_end, ended_at), end_reason = coalesce(news.new_reason, end_reason),
         adopted = coalesce(news.new_adopted, adopted)
       FROM unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[],
         $8::timestamptz[], $9::text[], $10::boolean[], $11::text[]) AS news (changed_id, new_peak_at, new_score,
         new_value, new_yhat, new_yhat_lower, new_yhat_upper, new_end, new_reason, new_adopted, new_contributions)
       WHERE id = changed_id AND (new_end IS NULL OR state = 'open')
       RETURNING ${ANOMALY_COLUMNS}, new_end IS NOT NULL AS ends`,
      [
        changes.map(({ id }) => id),
        changes.map(({ peak }) => new Date(peak.at)),
        changes.map(({ peak }) => peak.score),
        changes.map(({ peak }) => orNull(peak.value)),
        changes.map(({ peak }) => orNull(peak.yhat)),
        changes.map(({ peak }) => orNull(peak.yhatLower)),
        changes.map(({ peak }) => orNull(peak.yhatUpper)),
        changes.map(({ end }) => (end ? new Date(end.at) : null)),
        changes.map(({ end }) => end?.reason ?? null),
        changes.map(({ end }) => end?.adopted ?? null),
        changes.map(({ contributions }) => JSON.stringify(contributions)),
      ],
    );
    return rows.filter(({ ends }) => ends);
  }

  /** How many ended anomalies that ended before `before` were deleted. Open ones stay, however long they last. */
  async deleteEndedBefore(environmentId: string, before: EpochMs): Promise<number> {
    const rows = await this.database.query<{ count: number }>(
      `WITH deleted AS (
         DELETE FROM anomaly_detection_anomalies
         WHERE environment_id = $1 AND started_at < $2 AND ended_at < $2 RETURNING 1)
       SELECT count(*)::int AS count FROM deleted`,
      [environmentId, new Date(before)],
    );
    return rows[0]!.count;
  }
}

/** What was not measured is none: a database sorts not-a-number above everything, and JSON has none. */
function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
