import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { StudyKind, StudyRow } from './study.types.js';

const COLUMNS = `id, environment_id AS "environmentId", kind, title, request, state, reason, done, total,
  created_by AS "createdBy", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

export type NewStudy = Pick<
  StudyRow,
  'id' | 'environmentId' | 'kind' | 'title' | 'request' | 'createdBy' | 'createdAt'
>;

@Injectable()
export class StudyRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, study: NewStudy): Promise<void> {
    await tx.query(
      `INSERT INTO anomaly_detection_studies
         (id, environment_id, kind, title, request, state, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7)`,
      [
        study.id,
        study.environmentId,
        study.kind,
        study.title,
        JSON.stringify(study.request),
        study.createdBy,
        study.createdAt,
      ],
    );
  }

  async find(id: string): Promise<StudyRow | undefined> {
    const [row] = await this.database.query<StudyRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_studies WHERE id = $1`,
      [id],
    );
    return row;
  }

  async resultOf(id: string): Promise<unknown> {
    const [row] = await this.database.query<{ result: unknown }>(
      `SELECT result FROM anomaly_detection_studies WHERE id = $1`,
      [id],
    );
    return row?.result ?? null;
  }

  /** Newest first. */
  async list(
    environmentId: string,
    kind: StudyKind,
    limit: number,
    after?: readonly [Date, string],
  ): Promise<StudyRow[]> {
    return this.database.query<StudyRow>(
      `SELECT ${COLUMNS} FROM anomaly_detection_studies
       WHERE environment_id = $1 AND kind = $2 AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $3`,
      [environmentId, kind, limit, after?.[0] ?? null, after?.[1] ?? null],
    );
  }

  async countUnfinished(tx: Transaction, environmentId: string): Promise<number> {
    const rows: { count: number }[] = await tx.query(
      `SELECT count(*)::int AS count FROM anomaly_detection_studies
       WHERE environment_id = $1 AND state IN ('queued', 'running')`,
      [environmentId],
    );
    return rows[0]!.count;
  }

  /** False where there is nothing to do any more: it was cancelled, or is over. */
  async start(id: string, at: Date): Promise<boolean> {
    const rows = await this.database.query(
      `WITH started AS (
         UPDATE anomaly_detection_studies SET state = 'running', started_at = $2, done = 0
         WHERE id = $1 AND state IN ('queued', 'running') RETURNING 1
       ) SELECT 1 FROM started`,
      [id, at],
    );
    return rows.length === 1;
  }

  /** False where it was cancelled meanwhile. */
  async progress(id: string, done: number, total: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH moved AS (
         UPDATE anomaly_detection_studies SET done = $2, total = $3 WHERE id = $1 AND state = 'running' RETURNING 1
       ) SELECT 1 FROM moved`,
      [id, done, total],
    );
    return rows.length === 1;
  }

  async finish(id: string, result: unknown, at: Date): Promise<void> {
    await this.database.query(
      `UPDATE anomaly_detection_studies SET state = 'finished', done = total, result = $2, finished_at = $3
       WHERE id = $1 AND state = 'running'`,
      [id, JSON.stringify(result), at],
    );
  }

  async fail(id: string, reason: string, at: Date): Promise<void> {
    await this.database.query(
      `UPDATE anomaly_detection_studies SET state = 'failed', reason = $2, finished_at = $3
       WHERE id = $1 AND state IN ('queued', 'running')`,
      [id, reason, at],
    );
  }

  /** False where it was over. */
  async cancel(tx: Transaction, id: string, at: Date): Promise<boolean> {
    const [rows]: [unknown[], number] = await tx.query(
      `UPDATE anomaly_detection_studies SET state = 'cancelled', finished_at = $2
       WHERE id = $1 AND state IN ('queued', 'running') RETURNING 1`,
      [id, at],
    );
    return rows.length === 1;
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.query(`DELETE FROM anomaly_detection_studies WHERE id = $1`, [id]);
  }

  /** Jobs may be lost with their queue; these studies still wait for one. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM anomaly_detection_studies WHERE state IN ('queued', 'running') ORDER BY created_at LIMIT 1000`,
    );
    return rows.map(({ id }) => id);
  }

  /** Previews are of use while someone looks at them; score cards stay until somebody deletes them. */
  async deletePreviewsBefore(before: Date): Promise<void> {
    await this.database.query(`DELETE FROM anomaly_detection_studies WHERE kind <> 'score-card' AND finished_at < $1`, [
      before,
    ]);
  }
}
