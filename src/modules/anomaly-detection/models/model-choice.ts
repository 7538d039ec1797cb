import type { GraphRunner } from '../../../engine/detection/detector.js';
import type { WindowModelInputs } from '../../../engine/detection/learned/window-model.js';
import type { ModelName } from './model.types.js';

/** Stands for no environment in particular: what is staged everywhere counts. */
export const EVERYWHERE = '00000000-0000-0000-0000-000000000000';

/** A calibration of the ensemble to one environment. */
export interface ChosenCalibration extends ModelName {
  readonly kind: 'calibration';
  /**
   * Raw score at the boundary: `EnsembleSettings.boundary`. Scores are raw scores over their boundary, so a shadow's
   * scores are the active ones times the active boundary over its own.
   *
   * @param falseAlarmsPerWeek per 1,000 series
   */
  boundaryFor(falseAlarmsPerWeek: number): number;
}

export interface ChosenWindowModel extends ModelName {
  readonly kind: 'window-model';
  /** Which inputs it takes besides the window. */
  readonly inputs: WindowModelInputs;
  /**
   * Runs the graph. Rejects where it fails, is too slow, or was suspended: score with the plain channels alone then.
   * Failures are counted here, and a model that keeps failing is suspended for everybody.
   */
  readonly run: GraphRunner;
}

/** What an environment is scored with on this tick. Never changes once given: a promotion shows with the next call. */
export interface ActiveModels {
  /** Changes whenever anything below does; goes into keys of caches and names of detectors. */
  readonly revision: string;
  /** Null: the calibration that ships with the detector. */
  readonly calibration: ChosenCalibration | null;
  /** Null: plain channels only, because none is active, or the active one cannot run (`degraded` says why). */
  readonly windowModel: ChosenWindowModel | null;
  /** Why an active window model is not used; null where all is well. */
  readonly degraded: string | null;
}

export type ShadowModel = ChosenCalibration | ChosenWindowModel;

/** Which versions score an environment. Asked on every tick: a cached read, kept fresh across processes. */
export abstract class ModelChoice {
  abstract activeFor(environmentId: string): Promise<ActiveModels>;
  abstract shadowsFor(environmentId: string): Promise<readonly ShadowModel[]>;
}
