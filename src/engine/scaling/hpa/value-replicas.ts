import { MAX_INT64_NUMBER } from '../quantity/quantity.js';
import type { MetricReading, ObservedPod } from './hpa-observation.types.js';
import { ceilToInt32 } from './integers.js';
import { MetricFailure } from './metric-failure.js';
import { countReadyPods } from './pod-groups.js';
import type { UsageProposal } from './replica-calculator.js';
import { isWithinTolerance, type Tolerances } from './tolerances.js';

/**
 * Replicas for one value against a target (Object and External with `value`): the ratio times the pods that are ready.
 * From zero replicas the ratio alone counts, and no tolerance.
 * Source: kubernetes replica_calculator.go, getUsageRatioReplicaCount.
 * @param usage and target in milli-units, target above 0.
 * @throws {MetricFailure} when there are replicas but no pods.
 */
export function valueReplicas(
  currentReplicas: number,
  usage: number,
  target: number,
  pods: readonly ObservedPod[],
  tolerances: Tolerances,
): UsageProposal {
  const ratio = usage / target;
  if (currentReplicas === 0) return { replicas: ceilToInt32(ratio), usageMilli: usage };
  if (isWithinTolerance(tolerances, ratio)) return { replicas: currentReplicas, usageMilli: usage };
  if (pods.length === 0)
    throw new MetricFailure(
      'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
  return { replicas: ceilToInt32(ratio * countReadyPods(pods)), usageMilli: usage };
}

/**
 * Replicas for a value that is shared by the replicas (Object and External with `averageValue`): the value over the
 * target, readiness aside. Source: kubernetes replica_calculator.go, GetExternalPerPodMetricReplicas.
 * @param statusReplicas pods that exist; 0 makes the reported mean 0.
 */
export function averageValueReplicas(
  statusReplicas: number,
  usage: number,
  target: number,
  tolerances: Tolerances,
): UsageProposal {
  const ratio = usage / (target * statusReplicas);
  const replicas = isWithinTolerance(tolerances, ratio) ? statusReplicas : ceilToInt32(usage / target);
  return { replicas, usageMilli: perPodUsage(usage, statusReplicas) };
}

/** Sum of an external metric's series, milli-units, capped at 2^63 - 1. @throws {MetricFailure} when there is none. */
export function externalUsage(reading: MetricReading | null | undefined, metric: string): number {
  const prefix = `unable to get external metric ${metric}: `;
  if (reading?.type === 'error')
    throw new MetricFailure(`${prefix}unable to fetch metrics from external metrics API: ${reading.message}`);
  if (reading?.type !== 'External' || reading.milli.length === 0)
    throw new MetricFailure(`${prefix}no metrics returned from external metrics API`);
  return Math.min(
    MAX_INT64_NUMBER,
    reading.milli.reduce((sum, milli) => sum + milli, 0),
  );
}

/** Value of an object metric, milli-units. @throws {MetricFailure} when there is none. */
export function objectUsage(reading: MetricReading | null | undefined, metric: string, object: string): number {
  if (reading?.type === 'Object') return reading.milli;
  const why = reading?.type === 'error' ? reading.message : 'no metrics returned from custom metrics API';
  throw new MetricFailure(
    `unable to get metric ${metric}: unable to fetch metrics from custom metrics API: ${why} on ${object}`,
  );
}

function perPodUsage(usage: number, statusReplicas: number): number {
  if (usage >= MAX_INT64_NUMBER) return MAX_INT64_NUMBER;
  return statusReplicas === 0 ? 0 : Math.ceil(usage / statusReplicas);
}
