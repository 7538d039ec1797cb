import { Injectable } from '@nestjs/common';
import type { ScoredPoint } from '../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from './rows.js';

@Injectable()
export class AnomalyRepository {
  constructor(private readonly database: Database) {}

  /** Anomalies of these series that are open or ended after `from`, by start. */
  async ofSeries(seriesIds: readonly number[], from: EpochMs): Promise<AnomalyRow[]> {
    return this.database.query<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE series_id = ANY($1::integer[]) AND (ended_at IS NULL OR ended_at > $2) ORDER BY started_at`,
      [seriesIds, new Date(from)],
    );
  }

  async openOf(tx: Transaction, seriesId: number): Promise<string | null> {
    const [row] = await tx.query<{ id: string }[]>(
      `SELECT id FROM anomaly_detection_anomalies WHERE series_id = $1 AND state = 'open'`,
      [seriesId],
    );
    return row?.id ?? null;
  }

  /** False when this stretch is known already, or another of the series is open. */
  async open(tx: Transaction, anomaly: AnomalyRow): Promise<boolean> {
    const inserted = await tx.query<object[]>(
      `INSERT INTO anomaly_detection_anomalies (id, environment_id, series_id, labels, detector, state,
         started_at, peak_at, score, value, yhat, yhat_lower, yhat_upper)
       VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT DO NOTHING RETURNING id`,
      [
        anomaly.id,
        anomaly.environmentId,
        anomaly.seriesId,
        JSON.stringify(anomaly.labels),
        anomaly.detector,
        anomaly.startedAt,
        anomaly.peakAt,
        anomaly.score,
        anomaly.value,
        anomaly.yhat,
        anomaly.yhatLower,
        anomaly.yhatUpper,
      ],
    );
    return inserted.length > 0;
  }

  async updatePeak(tx: Transaction, id: string, peak: ScoredPoint): Promise<void> {
    await tx.query(
      `UPDATE anomaly_detection_anomalies
       SET peak_at = $2, score = $3, value = $4, yhat = $5, yhat_lower = $6, yhat_upper = $7 WHERE id = $1`,
      [id, new Date(peak.at), peak.score, peak.value, peak.yhat, peak.yhatLower, peak.yhatUpper],
    );
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

  /** The anomaly as it ended; undefined when it had ended before. */
  async end(
    tx: Transaction,
    id: string,
    end: { readonly at: EpochMs; readonly reason: 'calm' | 'stale' | 'series-ended'; readonly adopted: boolean },
  ): Promise<AnomalyRow | undefined> {
    const [rows] = await tx.query<[AnomalyRow[], number]>(
      `UPDATE anomaly_detection_anomalies SET state = 'ended', ended_at = $2, end_reason = $3, adopted = $4
       WHERE id = $1 AND state = 'open' RETURNING ${ANOMALY_COLUMNS}`,
      [id, new Date(end.at), end.reason, end.adopted],
    );
    return rows[0];
  }
}
