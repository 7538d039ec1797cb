import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from '../data/rows.js';

@Injectable()
export class ExplanationReadModel {
  constructor(private readonly database: Database) {}

  async anomaly(environmentId: string, anomalyId: string): Promise<AnomalyRow | undefined> {
    const [row] = await this.database.read<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies WHERE environment_id = $1 AND id = $2`,
      [environmentId, anomalyId],
    );
    return row;
  }

  /** Strongest anomalies that overlap [from, to), at most `limit`. */
  async overlapping(environmentId: string, from: Date, to: Date, limit: number): Promise<AnomalyRow[]> {
    return this.database.read<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE environment_id = $1 AND started_at < $3 AND (ended_at IS NULL OR ended_at > $2)
       ORDER BY score DESC LIMIT $4`,
      [environmentId, from, to, limit],
    );
  }
}
