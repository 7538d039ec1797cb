import type { ModelKind, ModelOrigin, ModelStage } from '../model.types.js';

export interface ModelTensors {
  readonly inputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly (number | string)[];
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly (number | string)[];
  }[];
}

export interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly kind: ModelKind;
  readonly origin: ModelOrigin;
  /** The only environment it is for; null where it fits any. */
  readonly environmentId: string | null;
  readonly title: string;
  readonly description: string;
  readonly licence: string | null;
  readonly trainedOn: string | null;
  readonly trainedFrom: Date | null;
  readonly trainedUntil: Date | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly tensors: ModelTensors | null;
  readonly calibration: unknown;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly why: string;
  readonly suspendedAt: Date | null;
  readonly suspendedReason: string | null;
}

export type NewModel = Omit<ModelRow, 'suspendedAt' | 'suspendedReason'>;

export interface StageRow {
  readonly modelId: string;
  readonly environmentId: string | null;
  readonly stage: ModelStage;
  readonly since: Date;
}

/** With what may be done about it there. */
export interface PlacedStage extends StageRow {
  readonly kind: ModelKind;
  /** Where a promotion leads. */
  readonly next: ModelStage | null;
  /** Where a roll-back leads; null: there is nothing to roll back. */
  readonly rollBackTo: ModelStage | null;
  readonly mayRetire: boolean;
}

export interface ChangeRow {
  readonly id: string;
  readonly modelId: string;
  readonly environmentId: string | null;
  readonly fromStage: ModelStage;
  readonly toStage: ModelStage;
  /** The version that was active before and was retired by this change. */
  readonly replacedId: string | null;
  readonly actor: string;
  readonly why: string;
  readonly at: Date;
  readonly undoneAt: Date | null;
}

export const MODEL_COLUMNS = `m.id, m.name, m.version, m.kind, m.origin, m.environment_id AS "environmentId", m.title,
  m.description, m.licence, m.trained_on AS "trainedOn", m.trained_from AS "trainedFrom",
  m.trained_until AS "trainedUntil", m.sha256, m.bytes, m.tensors, m.calibration, m.metrics,
  m.created_at AS "createdAt", m.created_by AS "createdBy", m.why, m.suspended_at AS "suspendedAt",
  m.suspended_reason AS "suspendedReason"`;
