import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database.js';

/** What drift is measured from. */
@Injectable()
export class DriftReadModel {
  constructor(private readonly db: Database) {}

  /** Anomalies that began in the range, and series that are scored. */
  async newestDay(environmentId: string, from: Date, to: Date): Promise<{ anomalies: number; series: number }> {
    const [row] = await this.db.query<{ anomalies: number; series: number }>(
      `SELECT
         (SELECT count(*)::integer FROM anomaly_detection_anomalies
          WHERE environment_id = $1 AND started_at >= $2 AND started_at < $3) AS anomalies,
         (SELECT count(*)::integer FROM anomaly_detection_series_states
          WHERE environment_id = $1 AND state = 'ok') AS series`,
      [environmentId, from, to],
    );
    return row ?? { anomalies: 0, series: 0 };
  }

  /** Ids of series that are scored, spread over all of them, always the same while they do not change. */
  async scoredSeries(environmentId: string, limit: number): Promise<number[]> {
    const rows = await this.db.query<{ id: number }>(
      `SELECT series_id AS id FROM anomaly_detection_series_states WHERE environment_id = $1 AND state = 'ok'
       ORDER BY hashint4(series_id), series_id LIMIT $2`,
      [environmentId, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** The scores as they were when the newest calibration of the environment was fitted. */
  async fittedHistogram(environmentId: string): Promise<number[] | null> {
    const [row] = await this.db.query<{ histogram: number[] | null }>(
      `SELECT metrics -> 'scores' AS histogram FROM anomaly_detection_models
       WHERE environment_id = $1 AND kind = 'calibration' ORDER BY created_at DESC LIMIT 1`,
      [environmentId],
    );
    return Array.isArray(row?.histogram) ? row.histogram : null;
  }
}
