import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../../platform/database/database.js';

export type RefitReason = 'schedule' | 'drift' | 'request';
export type RefitState = 'fitting' | 'shadow' | 'promoted' | 'retired' | 'skipped' | 'failed';

export interface RefitRow {
  readonly id: string;
  readonly environmentId: string;
  readonly reason: RefitReason;
  readonly why: string;
  readonly state: RefitState;
  readonly modelId: string | null;
  readonly startedAt: Date;
  /** When the shadow is judged. */
  readonly decideAt: Date | null;
  readonly finishedAt: Date | null;
  readonly outcome: string | null;
  readonly card: unknown;
}

const COLUMNS = `id, environment_id AS "environmentId", reason, why, state, model_id AS "modelId",
  started_at AS "startedAt", decide_at AS "decideAt", finished_at AS "finishedAt", outcome, card`;

@Injectable()
export class RefitRepository {
  constructor(private readonly db: Database) {}

  /** False where one of the environment is under way. */
  async start(tx: Transaction, refit: Pick<RefitRow, 'id' | 'environmentId' | 'reason' | 'why' | 'startedAt'>) {
    const rows: unknown[] = await tx.query(
      `INSERT INTO anomaly_detection_refits (id, environment_id, reason, why, state, started_at)
       VALUES ($1, $2, $3, $4, 'fitting', $5) ON CONFLICT DO NOTHING RETURNING 1`,
      [refit.id, refit.environmentId, refit.reason, refit.why, refit.startedAt],
    );
    return rows.length === 1;
  }

  async find(id: string): Promise<RefitRow | undefined> {
    const [row] = await this.db.query<RefitRow>(`SELECT ${COLUMNS} FROM anomaly_detection_refits WHERE id = $1`, [id]);
    return row;
  }

  /** Newest first. */
  async list(environmentId: string, limit: number): Promise<RefitRow[]> {
    return this.db.query<RefitRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_refits WHERE environment_id = $1
       ORDER BY started_at DESC, id DESC LIMIT $2`,
      [environmentId, limit],
    );
  }

  async open(environmentId: string): Promise<RefitRow | undefined> {
    const [row] = await this.db.query<RefitRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_refits WHERE environment_id = $1 AND state IN ('fitting', 'shadow')`,
      [environmentId],
    );
    return row;
  }

  /** Whose time in shadow is over. */
  async due(now: Date): Promise<RefitRow[]> {
    return this.db.query<RefitRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_refits WHERE state = 'shadow' AND decide_at <= $1 ORDER BY decide_at`,
      [now],
    );
  }

  async toShadow(tx: Transaction, id: string, modelId: string, decideAt: Date): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `WITH changed AS (
         UPDATE anomaly_detection_refits SET state = 'shadow', model_id = $2, decide_at = $3
         WHERE id = $1 AND state = 'fitting' RETURNING 1
       ) SELECT 1 FROM changed`,
      [id, modelId, decideAt],
    );
    return rows.length === 1;
  }

  /** False where it was finished already. */
  async finish(
    tx: Transaction,
    id: string,
    end: { readonly state: RefitState; readonly outcome: string; readonly card?: unknown; readonly at: Date },
  ): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `WITH changed AS (
         UPDATE anomaly_detection_refits SET state = $2, outcome = $3, card = $4, finished_at = $5
         WHERE id = $1 AND state IN ('fitting', 'shadow') RETURNING 1
       ) SELECT 1 FROM changed`,
      [id, end.state, end.outcome, end.card === undefined ? null : JSON.stringify(end.card), end.at],
    );
    return rows.length === 1;
  }

  /** When the newest refit ended, or began; and the newest of those that fitted something. */
  async newest(environmentId: string): Promise<{ readonly tried: Date | null; readonly fitted: Date | null }> {
    const [row] = await this.db.query<{ tried: Date | null; fitted: Date | null }>(
      `SELECT max(coalesce(finished_at, started_at)) AS tried,
         max(coalesce(finished_at, started_at)) FILTER (WHERE model_id IS NOT NULL) AS fitted
       FROM anomaly_detection_refits WHERE environment_id = $1`,
      [environmentId],
    );
    return row!;
  }
}
