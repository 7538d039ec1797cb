import { Injectable } from '@nestjs/common';
import type {
  ChannelFactors,
  FeedbackKind,
  FeedbackScope,
} from '../../../engine/detection/settings/feedback-factors.js';
import type { Labels } from '../../../kernel/time-series.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from '../data/rows.js';
import type { FeedbackEffect } from './feedback.types.js';

export interface FeedbackRow {
  readonly id: string;
  readonly environmentId: string;
  readonly kind: FeedbackKind;
  readonly scope: FeedbackScope;
  readonly seriesId: number;
  readonly labels: Labels;
  readonly anomalyId: string | null;
  readonly from: Date;
  readonly to: Date;
  readonly comment: string;
  readonly factors: ChannelFactors;
  readonly effect: FeedbackEffect;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly undoneBy: string | null;
  readonly undoneAt: Date | null;
}

const COLUMNS = `id, environment_id AS "environmentId", kind, scope, series_id AS "seriesId", labels,
  anomaly_id AS "anomalyId", stretch_from AS "from", stretch_to AS "to", comment, factors, effect,
  created_by AS "createdBy", created_at AS "createdAt", undone_by AS "undoneBy", undone_at AS "undoneAt"`;

@Injectable()
export class FeedbackRepository {
  constructor(private readonly database: Database) {}

  /** What holds now, oldest first: what scoring needs. */
  async active(environmentId: string): Promise<FeedbackRow[]> {
    return this.database.query<FeedbackRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_feedback
       WHERE environment_id = $1 AND undone_at IS NULL ORDER BY created_at, id`,
      [environmentId],
    );
  }

  async find(environmentId: string, id: string): Promise<FeedbackRow | undefined> {
    const [row] = await this.database.query<FeedbackRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_feedback WHERE environment_id = $1 AND id = $2`,
      [environmentId, id],
    );
    return row;
  }

  /** Newest first. */
  async list(
    environmentId: string,
    filter: {
      readonly limit: number;
      readonly after?: readonly [Date, string];
      readonly seriesId?: number;
      readonly active?: boolean;
    },
  ): Promise<FeedbackRow[]> {
    const { limit, after, seriesId, active } = filter;
    return this.database.query<FeedbackRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_feedback
       WHERE environment_id = $1 AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
         AND ($5::integer IS NULL OR series_id = $5) AND ($6::boolean IS NULL OR (undone_at IS NULL) = $6)
       ORDER BY created_at DESC, id DESC LIMIT $2`,
      [environmentId, limit, after?.[0] ?? null, after?.[1] ?? null, seriesId ?? null, active ?? null],
    );
  }

  /** False where there is one of this id. */
  async insert(tx: Transaction, row: FeedbackRow): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO anomaly_detection_feedback (id, environment_id, kind, scope, series_id, labels, anomaly_id,
         stretch_from, stretch_to, comment, factors, effect, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       ON CONFLICT (id) DO NOTHING RETURNING 1`,
      [
        row.id,
        row.environmentId,
        row.kind,
        row.scope,
        row.seriesId,
        JSON.stringify(row.labels),
        row.anomalyId,
        row.from,
        row.to,
        row.comment,
        JSON.stringify(row.factors),
        JSON.stringify(row.effect),
        row.createdBy,
        row.createdAt,
      ],
    );
    return rows.length === 1;
  }

  async anomaly(environmentId: string, id: string): Promise<AnomalyRow | undefined> {
    const [row] = await this.database.query<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies WHERE environment_id = $1 AND id = $2`,
      [environmentId, id],
    );
    return row;
  }

  /** Silences that began in the range, newest first. */
  async silences(environmentId: string, from: Date, to: Date): Promise<AnomalyRow[]> {
    return this.database.query<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE environment_id = $1 AND started_at >= $2 AND started_at < $3 AND silence IS NOT NULL
       ORDER BY started_at DESC, id DESC`,
      [environmentId, from, to],
    );
  }

  /** False where it was undone before. */
  async undo(tx: Transaction, id: string, by: string, at: Date): Promise<boolean> {
    const [rows]: [unknown[], number] = await tx.query(
      `UPDATE anomaly_detection_feedback SET undone_by = $2, undone_at = $3
       WHERE id = $1 AND undone_at IS NULL RETURNING 1`,
      [id, by, at],
    );
    return rows.length === 1;
  }
}
