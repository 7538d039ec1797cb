import type { TrackerState } from '../../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import type { ShadowAnomaly, ShadowHour } from '../data/shadow.repository.js';

export interface ShadowPair {
  readonly active: TrackerState;
  readonly shadow: TrackerState;
}

/** How far counting for a shadow is in one shard; whoever scores the shard next goes on from here. */
export interface ShadowCount {
  readonly modelId: string;
  /** Position of the shard at which it became a shadow there. */
  readonly beganAt: EpochMs;
  readonly countedUntil: EpochMs;
  /** By series id; only those that are not calm for both. */
  readonly trackers: Readonly<Record<string, ShadowPair>>;
  /** The hour that is not over yet. */
  readonly hour: ShadowHour | null;
}

/** What a commit writes. */
export interface ShadowWrites {
  readonly counts: readonly ShadowCount[];
  /** Hours that are over: added to what other shards counted in them. */
  readonly hours: readonly ShadowHour[];
  readonly anomalies: readonly ShadowAnomaly[];
}

export function emptyHour(modelId: string, environmentId: string, hour: Date): ShadowHour {
  return {
    modelId,
    environmentId,
    hour,
    points: 0,
    seriesSeconds: 0,
    bothCalm: 0,
    bothAbove: 0,
    onlyActive: 0,
    onlyShadow: 0,
    scoreDifference: 0,
    activeAnomalies: 0,
    shadowAnomalies: 0,
  };
}
