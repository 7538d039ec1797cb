import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../../platform/database/database.js';
import type { ChosenKind, ModelStage } from '../model.types.js';
import { MODEL_COLUMNS, type ChangeRow, type ModelRow, type StageRow } from './model.rows.js';

export interface StagedModel extends ModelRow {
  readonly stage: ModelStage;
  /** Where the stage was given: an environment, or null for everywhere. */
  readonly scope: string | null;
}

const CHANGE_COLUMNS = `id, model_id AS "modelId", environment_id AS "environmentId", from_stage AS "fromStage",
  to_stage AS "toStage", replaced_id AS "replacedId", actor, why, at, undone_at AS "undoneAt"`;

/** Which version is in which stage where, and how it came to that. */
@Injectable()
export class StageRepository {
  constructor(private readonly db: Database) {}

  /** A version without a row is a candidate. */
  async stageOf(tx: Transaction, modelId: string, environmentId: string | null): Promise<ModelStage> {
    const rows: { stage: ModelStage }[] = await tx.query(
      `SELECT stage FROM anomaly_detection_model_stages
       WHERE model_id = $1 AND environment_id IS NOT DISTINCT FROM $2 FOR UPDATE`,
      [modelId, environmentId],
    );
    return rows[0]?.stage ?? 'candidate';
  }

  async activeIn(tx: Transaction, kind: ChosenKind, environmentId: string | null): Promise<string | null> {
    const rows: { id: string }[] = await tx.query(
      `SELECT model_id AS id FROM anomaly_detection_model_stages
       WHERE kind = $1 AND environment_id IS NOT DISTINCT FROM $2 AND stage = 'active'`,
      [kind, environmentId],
    );
    return rows[0]?.id ?? null;
  }

  async set(tx: Transaction, stage: StageRow & { readonly kind: ChosenKind }): Promise<void> {
    const parameters = [stage.modelId, stage.environmentId, stage.kind, stage.stage, stage.since];
    const updated: unknown[] = await tx.query(
      `WITH changed AS (
         UPDATE anomaly_detection_model_stages SET stage = $4, since = $5
         WHERE model_id = $1 AND environment_id IS NOT DISTINCT FROM $2 AND kind = $3 RETURNING 1
       ) SELECT 1 FROM changed`,
      parameters,
    );
    if (updated.length > 0) return;
    await tx.query(
      `INSERT INTO anomaly_detection_model_stages (model_id, environment_id, kind, stage, since)
       VALUES ($1, $2, $3, $4, $5)`,
      parameters,
    );
  }

  async note(tx: Transaction, change: Omit<ChangeRow, 'undoneAt'>): Promise<void> {
    await tx.query(
      `INSERT INTO anomaly_detection_model_changes (id, model_id, environment_id, from_stage, to_stage, replaced_id,
         actor, why, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        change.id,
        change.modelId,
        change.environmentId,
        change.fromStage,
        change.toStage,
        change.replacedId,
        change.actor,
        change.why,
        change.at,
      ],
    );
  }

  /** The newest change of this version there that still holds. */
  async lastChange(tx: Transaction, modelId: string, environmentId: string | null): Promise<ChangeRow | undefined> {
    const rows: ChangeRow[] = await tx.query(
      `SELECT ${CHANGE_COLUMNS} FROM anomaly_detection_model_changes
       WHERE model_id = $1 AND environment_id IS NOT DISTINCT FROM $2 AND undone_at IS NULL
       ORDER BY sequence DESC LIMIT 1 FOR UPDATE`,
      [modelId, environmentId],
    );
    return rows[0];
  }

  async markUndone(tx: Transaction, changeId: string, at: Date): Promise<void> {
    await tx.query(`UPDATE anomaly_detection_model_changes SET undone_at = $2 WHERE id = $1`, [changeId, at]);
  }

  async stagesOf(modelIds: readonly string[]): Promise<StageRow[]> {
    return this.db.query<StageRow>(
      `SELECT model_id AS "modelId", environment_id AS "environmentId", stage, since
       FROM anomaly_detection_model_stages WHERE model_id = ANY ($1::uuid[])
       ORDER BY environment_id NULLS FIRST`,
      [[...modelIds]],
    );
  }

  /** Newest changes that hold, one for each version and place. */
  async lastChanges(modelIds: readonly string[]): Promise<ChangeRow[]> {
    return this.db.query<ChangeRow>(
      `SELECT DISTINCT ON (model_id, environment_id) ${CHANGE_COLUMNS} FROM anomaly_detection_model_changes
       WHERE model_id = ANY ($1::uuid[]) AND undone_at IS NULL ORDER BY model_id, environment_id, sequence DESC`,
      [[...modelIds]],
    );
  }

  async activeStages(): Promise<(StageRow & { readonly kind: ChosenKind })[]> {
    return this.db.query(
      `SELECT model_id AS "modelId", environment_id AS "environmentId", stage, since, kind
       FROM anomaly_detection_model_stages WHERE stage = 'active'`,
    );
  }

  async changesOf(modelId: string, limit: number): Promise<ChangeRow[]> {
    return this.db.query<ChangeRow>(
      `SELECT ${CHANGE_COLUMNS} FROM anomaly_detection_model_changes WHERE model_id = $1
       ORDER BY sequence DESC LIMIT $2`,
      [modelId, limit],
    );
  }

  /** Every version that is active or in shadow in an environment or everywhere, without its calibration's like. */
  async stagedFor(environmentId: string): Promise<StagedModel[]> {
    return this.db.query<StagedModel>(
      `SELECT ${MODEL_COLUMNS}, s.stage, s.environment_id AS scope
       FROM anomaly_detection_model_stages s JOIN anomaly_detection_models m ON m.id = s.model_id
       WHERE (s.environment_id = $1 OR s.environment_id IS NULL)
         AND (m.environment_id = $1 OR m.environment_id IS NULL)
         AND (s.stage IN ('active', 'shadow') OR s.environment_id = $1)
       ORDER BY s.since`,
      [environmentId],
    );
  }

  async countByStage(): Promise<{ kind: ChosenKind; stage: ModelStage; count: number }[]> {
    return this.db.query(
      `SELECT kind, stage, count(*)::integer AS count FROM anomaly_detection_model_stages GROUP BY kind, stage`,
    );
  }

  /** Whether anybody but this program ever decided about this kind everywhere. */
  async decidedByPeople(tx: Transaction, kind: ChosenKind): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `SELECT 1 FROM anomaly_detection_model_changes c JOIN anomaly_detection_models m ON m.id = c.model_id
       WHERE m.kind = $1 AND c.environment_id IS NULL AND c.actor <> 'system' LIMIT 1`,
      [kind],
    );
    return rows.length > 0;
  }
}
