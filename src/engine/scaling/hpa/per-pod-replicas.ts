import { ceilToInt32 } from './integers.js';
import type { PodGroups } from './pod-groups.js';
import { isWithinTolerance, type Tolerances } from './tolerances.js';

export interface PerPodCalculation {
  readonly currentReplicas: number;
  readonly groups: PodGroups;
  /** Milli-values of the pods that count at once: neither ignored nor unready. Not empty. */
  readonly usage: ReadonlyMap<string, number>;
  readonly tolerances: Tolerances;
  /** Usage over target for a set of pods. */
  ratioOf(usage: ReadonlyMap<string, number>): number;
  /** Milli-value that a pod without a metric is taken to use when the others suggest scaling down. */
  assumedWhenScalingDown(pod: string): number;
}

/**
 * Replicas that a per-pod metric asks for. Pods without a metric and pods that are not ready only ever dampen a change:
 * down, the former are taken to use their full share; up, both are taken to use nothing; and a change that would turn
 * its direction by this is not made. Source: kubernetes replica_calculator.go, GetResourceReplicas and
 * calcPlainMetricReplicas.
 */
export function perPodReplicas(calculation: PerPodCalculation): number {
  const { currentReplicas, groups, tolerances, usage } = calculation;
  const ratio = calculation.ratioOf(usage);
  const scaleUpWithUnready = groups.unready.size > 0 && ratio > 1.0;
  if (!scaleUpWithUnready && groups.missing.size === 0) {
    if (isWithinTolerance(tolerances, ratio)) return currentReplicas;
    return ceilToInt32(ratio * groups.readyCount);
  }

  const assumed = new Map(usage);
  if (ratio < 1.0) for (const pod of groups.missing) assumed.set(pod, calculation.assumedWhenScalingDown(pod));
  if (ratio > 1.0) for (const pod of groups.missing) assumed.set(pod, 0);
  if (scaleUpWithUnready) for (const pod of groups.unready) assumed.set(pod, 0);

  const newRatio = calculation.ratioOf(assumed);
  const turned = (ratio < 1.0 && newRatio > 1.0) || (ratio > 1.0 && newRatio < 1.0);
  if (isWithinTolerance(tolerances, newRatio) || turned) return currentReplicas;
  const replicas = ceilToInt32(newRatio * assumed.size);
  const wrongWay = (newRatio < 1.0 && replicas > currentReplicas) || (newRatio > 1.0 && replicas < currentReplicas);
  return wrongWay ? currentReplicas : replicas;
}
