import type { EpochMs } from '../../../kernel/clock.js';
import type { Recommendation } from './hpa-status.types.js';

export interface Stabilized {
  readonly replicas: number;
  readonly recommendations: readonly Recommendation[];
}

/**
 * Without `behavior`: the highest recommendation of the window, this one included. A recommendation exactly as old as
 * the window still counts. Source: kubernetes horizontal.go, stabilizeRecommendation.
 * @param windowMs `--horizontal-pod-autoscaler-downscale-stabilization`.
 */
export function stabilizeDown(
  recommendations: readonly Recommendation[],
  desired: number,
  windowMs: number,
  now: EpochMs,
): Stabilized {
  const cutoff = now - windowMs;
  let replicas = desired;
  let oldIndex = -1;
  for (let index = 0; index < recommendations.length; index++) {
    const recommendation = recommendations[index]!;
    if (recommendation.at < cutoff) oldIndex = index;
    else if (recommendation.replicas > replicas) replicas = recommendation.replicas;
  }
  return { replicas, recommendations: replaced(recommendations, oldIndex, { replicas: desired, at: now }) };
}

/**
 * With `behavior`: holds the current count between the lowest recommendation of the upward window and the highest of the
 * downward one, this recommendation included. One exactly as old as its window no longer counts.
 * Source: kubernetes horizontal.go, stabilizeRecommendationWithBehaviors.
 */
export function stabilizeBothWays(
  recommendations: readonly Recommendation[],
  current: number,
  desired: number,
  windows: { readonly upSeconds: number; readonly downSeconds: number },
  now: EpochMs,
): Stabilized {
  const upCutoff = now - windows.upSeconds * 1000;
  const downCutoff = now - windows.downSeconds * 1000;
  let lowest = desired;
  let highest = desired;
  let oldIndex = -1;
  for (let index = 0; index < recommendations.length; index++) {
    const { replicas, at } = recommendations[index]!;
    if (at > upCutoff) lowest = Math.min(lowest, replicas);
    if (at > downCutoff) highest = Math.max(highest, replicas);
    if (at < upCutoff && at < downCutoff) oldIndex = index;
  }
  const replicas = Math.min(Math.max(current, lowest), highest);
  return { replicas, recommendations: replaced(recommendations, oldIndex, { replicas: desired, at: now }) };
}

/** The last outdated entry gives its place to the new one, so that the list stays as long as the window needs. */
export function replaced<T>(entries: readonly T[], index: number, entry: T): readonly T[] {
  return index < 0 ? [...entries, entry] : entries.with(index, entry);
}
