/** What a version is: an ONNX graph of the window contract, a calibration of the ensemble, or a detector's own graph. */
export const MODEL_KINDS = ['window-model', 'calibration', 'detector'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** Kinds that are chosen per environment. A detector's graph comes with its detector and has no stage. */
export type ChosenKind = Exclude<ModelKind, 'detector'>;

export const MODEL_STAGES = ['candidate', 'shadow', 'active', 'retired'] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

/** `built-in`: a file under models/; `upload`: a user's own; `refit`: fitted to one environment by a job. */
export const MODEL_ORIGINS = ['built-in', 'upload', 'refit'] as const;
export type ModelOrigin = (typeof MODEL_ORIGINS)[number];

/** Enough of a version to name it in scores, metrics and messages. */
export interface ModelName {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export function nameOf({ name, version }: Pick<ModelName, 'name' | 'version'>): string {
  return `${name}@${version}`;
}
