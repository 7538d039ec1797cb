import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../../platform/database/database.js';
import type { ModelKind, ModelStage } from '../model.types.js';
import { MODEL_COLUMNS, type ModelRow, type NewModel } from './model.rows.js';

export interface ModelFilter {
  readonly kind?: ModelKind;
  /** Versions that are in this stage anywhere, or in `environmentId` where that is given. */
  readonly stage?: ModelStage;
  /** Versions that may be used there: made for it, or for any. */
  readonly environmentId?: string;
}

/** Versions and their files. A file is stored once, by its checksum. */
@Injectable()
export class ModelRepository {
  constructor(private readonly db: Database) {}

  /** False where the id or the version exists. */
  async insert(tx: Transaction, model: NewModel, content: Uint8Array | null): Promise<boolean> {
    if (content !== null) {
      await tx.query(
        `INSERT INTO anomaly_detection_model_files (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING`,
        [model.sha256, Buffer.from(content)],
      );
    }
    const rows: unknown[] = await tx.query(
      `INSERT INTO anomaly_detection_models (id, name, version, kind, origin, environment_id, title, description,
         licence, trained_on, trained_from, trained_until, sha256, bytes, tensors, calibration, metrics, created_at,
         created_by, why)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        model.id,
        model.name,
        model.version,
        model.kind,
        model.origin,
        model.environmentId,
        model.title,
        model.description,
        model.licence,
        model.trainedOn,
        model.trainedFrom,
        model.trainedUntil,
        model.sha256,
        model.bytes,
        model.tensors === null ? null : JSON.stringify(model.tensors),
        model.calibration === null ? null : JSON.stringify(model.calibration),
        JSON.stringify(model.metrics),
        model.createdAt,
        model.createdBy,
        model.why,
      ],
    );
    return rows.length === 1;
  }

  /** The number after the highest whole number that a version of this name has. Call it under a lock of the name. */
  async nextVersion(tx: Transaction, name: string): Promise<string> {
    const rows: { next: string }[] = await tx.query(
      `SELECT (coalesce(max(CASE WHEN version ~ '^[0-9]{1,9}$' THEN version::integer END), 0) + 1)::text AS next
       FROM anomaly_detection_models WHERE name = $1`,
      [name],
    );
    return rows[0]!.next;
  }

  async find(id: string): Promise<ModelRow | undefined> {
    const [row] = await this.db.query<ModelRow>(
      `SELECT ${MODEL_COLUMNS} FROM anomaly_detection_models m WHERE m.id = $1`,
      [id],
    );
    return row;
  }

  async findMany(ids: readonly string[]): Promise<ModelRow[]> {
    return this.db.query<ModelRow>(
      `SELECT ${MODEL_COLUMNS} FROM anomaly_detection_models m WHERE m.id = ANY ($1::uuid[])`,
      [[...ids]],
    );
  }

  async findVersion(name: string, version: string): Promise<ModelRow | undefined> {
    const [row] = await this.db.query<ModelRow>(
      `SELECT ${MODEL_COLUMNS} FROM anomaly_detection_models m WHERE m.name = $1 AND m.version = $2`,
      [name, version],
    );
    return row;
  }

  /** Newest first. */
  async list(filter: ModelFilter, limit: number, before: string | null): Promise<ModelRow[]> {
    return this.db.query<ModelRow>(
      `SELECT ${MODEL_COLUMNS} FROM anomaly_detection_models m
       WHERE ($2::uuid IS NULL
           OR (m.created_at, m.id) < (SELECT created_at, id FROM anomaly_detection_models WHERE id = $2))
         AND ($3::text IS NULL OR m.kind = $3)
         AND ($4::uuid IS NULL OR m.environment_id IS NULL OR m.environment_id = $4)
         AND ($5::text IS NULL OR EXISTS (
           SELECT 1 FROM anomaly_detection_model_stages s
           WHERE s.model_id = m.id AND s.stage = $5 AND ($4::uuid IS NULL OR coalesce(s.environment_id, $4) = $4)))
       ORDER BY m.created_at DESC, m.id DESC LIMIT $1`,
      [limit, before, filter.kind ?? null, filter.environmentId ?? null, filter.stage ?? null],
    );
  }

  async content(sha256: string): Promise<Buffer | undefined> {
    const [row] = await this.db.query<{ content: Buffer }>(
      `SELECT content FROM anomaly_detection_model_files WHERE sha256 = $1`,
      [sha256],
    );
    return row?.content;
  }

  /** Null resumes it. False where it was so already. */
  async suspend(tx: Transaction, id: string, suspension: { at: Date; reason: string } | null): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `WITH changed AS (
         UPDATE anomaly_detection_models SET suspended_at = $2, suspended_reason = $3
         WHERE id = $1 AND (suspended_at IS NULL) = ($2::timestamptz IS NOT NULL) RETURNING 1
       ) SELECT 1 FROM changed`,
      [id, suspension?.at ?? null, suspension?.reason ?? null],
    );
    return rows.length === 1;
  }

  async countSuspended(): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM anomaly_detection_models m
       WHERE m.suspended_at IS NOT NULL AND EXISTS (
         SELECT 1 FROM anomaly_detection_model_stages s WHERE s.model_id = m.id AND s.stage IN ('active', 'shadow'))`,
    );
    return row?.count ?? 0;
  }
}
