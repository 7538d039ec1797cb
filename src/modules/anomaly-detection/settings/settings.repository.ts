import { Injectable } from '@nestjs/common';
import type { DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import { Database, type Transaction } from '../../../platform/database/database.js';

export interface SettingsHead {
  /** 0 where nobody has saved any. */
  readonly version: number;
  readonly feedbackRevision: number;
}

export interface SettingsVersionRow {
  readonly version: number;
  readonly document: DetectionSettings;
  readonly comment: string;
  readonly restoredFrom: number | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

const COLUMNS = `version, document, comment, restored_from AS "restoredFrom", created_by AS "createdBy",
  created_at AS "createdAt"`;

/** Every version of every environment's settings; the head says which one holds. */
@Injectable()
export class SettingsRepository {
  constructor(private readonly database: Database) {}

  async head(environmentId: string): Promise<SettingsHead> {
    const [row] = await this.database.query<SettingsHead>(
      `SELECT version, feedback_revision AS "feedbackRevision" FROM anomaly_detection_settings_heads
       WHERE environment_id = $1`,
      [environmentId],
    );
    return row ?? { version: 0, feedbackRevision: 0 };
  }

  /** As `head`, held until the transaction ends, so that of two changes at once one sees the other. */
  async lockHead(tx: Transaction, environmentId: string): Promise<SettingsHead> {
    await tx.query(
      `INSERT INTO anomaly_detection_settings_heads (environment_id) VALUES ($1) ON CONFLICT (environment_id) DO NOTHING`,
      [environmentId],
    );
    const rows: SettingsHead[] = await tx.query(
      `SELECT version, feedback_revision AS "feedbackRevision" FROM anomaly_detection_settings_heads
       WHERE environment_id = $1 FOR UPDATE`,
      [environmentId],
    );
    return rows[0]!;
  }

  async find(environmentId: string, version: number): Promise<SettingsVersionRow | undefined> {
    const [row] = await this.database.query<SettingsVersionRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_settings_versions WHERE environment_id = $1 AND version = $2`,
      [environmentId, version],
    );
    return row;
  }

  /** Newest first. */
  async list(environmentId: string, limit: number, before: number): Promise<SettingsVersionRow[]> {
    return this.database.query<SettingsVersionRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_settings_versions
       WHERE environment_id = $1 AND version < $3 ORDER BY version DESC LIMIT $2`,
      [environmentId, limit, before],
    );
  }

  /** Makes it the version that holds. Call with the head locked. */
  async insert(tx: Transaction, environmentId: string, row: SettingsVersionRow): Promise<void> {
    await tx.query(
      `INSERT INTO anomaly_detection_settings_versions
         (environment_id, version, document, comment, restored_from, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        environmentId,
        row.version,
        JSON.stringify(row.document),
        row.comment,
        row.restoredFrom,
        row.createdBy,
        row.createdAt,
      ],
    );
    await tx.query(`UPDATE anomaly_detection_settings_heads SET version = $2 WHERE environment_id = $1`, [
      environmentId,
      row.version,
    ]);
  }

  /** Tells every process that feedback changed. */
  async raiseFeedbackRevision(tx: Transaction, environmentId: string): Promise<void> {
    await tx.query(
      `INSERT INTO anomaly_detection_settings_heads (environment_id, feedback_revision) VALUES ($1, 1)
       ON CONFLICT (environment_id) DO UPDATE
       SET feedback_revision = anomaly_detection_settings_heads.feedback_revision + 1`,
      [environmentId],
    );
  }
}
