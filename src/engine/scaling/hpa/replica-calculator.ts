import type { EpochMs } from '../../../kernel/clock.js';
import type { HpaControllerSettings } from './controller-settings.js';
import type { ObservedPod } from './hpa-observation.types.js';
import { integerPercent } from './integers.js';
import { MetricFailure } from './metric-failure.js';
import { perPodReplicas } from './per-pod-replicas.js';
import { groupPods, type PodGroups } from './pod-groups.js';
import type { PodMetrics } from './pod-metrics.js';
import { podRequests } from './pod-requests.js';
import type { Tolerances } from './tolerances.js';

/** What every calculation over pods needs. */
export interface PodCalculationInput {
  readonly currentReplicas: number;
  readonly pods: readonly ObservedPod[];
  readonly metrics: PodMetrics;
  readonly tolerances: Tolerances;
  readonly settings: HpaControllerSettings;
  readonly now: EpochMs;
}

export interface UtilizationProposal {
  readonly replicas: number;
  /** Percent of the request, truncated, over the pods with a usable metric. */
  readonly utilization: number;
  /** Their mean usage, milli-units, truncated. */
  readonly averageMilli: number;
}

export interface UsageProposal {
  readonly replicas: number;
  /** What the status reports: mean per pod, or the value itself; milli-units. */
  readonly usageMilli: number;
}

/**
 * Replicas for a target utilization (Resource and ContainerResource, `averageUtilization`): the percentage of all
 * pods' usage in all pods' requests, in whole percent, against the target.
 * Source: kubernetes replica_calculator.go, GetResourceReplicas; metrics/utilization.go.
 * @param target percent, at least 1.
 * @throws {MetricFailure} when no pod has a usable metric or a request is missing.
 */
export function utilizationReplicas(
  input: PodCalculationInput,
  resource: string,
  container: string | null,
  target: number,
): UtilizationProposal {
  const { groups, usage } = usablePods(input, resource);
  const requests = podRequests(input.pods, resource, container);
  const current = utilizationOf(usage, requests);
  const assumedPercent = Math.max(100, target);
  const replicas = perPodReplicas({
    currentReplicas: input.currentReplicas,
    groups,
    usage,
    tolerances: input.tolerances,
    ratioOf: (pods) => (pods === usage ? current : utilizationOf(pods, requests)).utilization / target,
    assumedWhenScalingDown: (pod) => Math.trunc(((requests.get(pod) ?? 0) * assumedPercent) / 100),
  });
  return { replicas, ...current };
}

/**
 * Replicas for a target mean per pod (Resource, ContainerResource and Pods with `averageValue`).
 * Source: kubernetes replica_calculator.go, calcPlainMetricReplicas.
 * @param resource null for a Pods metric, where readiness does not count.
 * @param target milli-units, above 0.
 * @throws {MetricFailure} when no pod has a usable metric.
 */
export function averageUsageReplicas(
  input: PodCalculationInput,
  resource: string | null,
  target: number,
): UsageProposal {
  const { groups, usage } = usablePods(input, resource);
  const replicas = perPodReplicas({
    currentReplicas: input.currentReplicas,
    groups,
    usage,
    tolerances: input.tolerances,
    ratioOf: (pods) => meanOf(pods) / target,
    assumedWhenScalingDown: () => target,
  });
  return { replicas, usageMilli: meanOf(usage) };
}

function usablePods(
  input: PodCalculationInput,
  resource: string | null,
): { readonly groups: PodGroups; readonly usage: ReadonlyMap<string, number> } {
  if (input.pods.length === 0) throw new MetricFailure('no pods returned by selector while calculating replica count');
  const groups = groupPods(input.pods, input.metrics, resource, input.settings, input.now);
  const usage = new Map<string, number>();
  const all = groups.ignored.size + groups.unready.size === 0;
  input.metrics.forEach(({ milli }, pod) => {
    if (all || (!groups.ignored.has(pod) && !groups.unready.has(pod))) usage.set(pod, milli);
  });
  if (usage.size === 0) throw new MetricFailure('did not receive metrics for targeted pods (pods might be unready)');
  return { groups, usage };
}

/** Metrics of pods that are not there are left out. */
function utilizationOf(
  usage: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
): { readonly utilization: number; readonly averageMilli: number } {
  let used = 0;
  let requested = 0;
  let entries = 0;
  usage.forEach((milli, pod) => {
    const request = requests.get(pod);
    if (request === undefined) return;
    used += milli;
    requested += request;
    entries += 1;
  });
  if (requested === 0) throw new MetricFailure('no metrics returned matched known pods');
  return { utilization: integerPercent(used, requested), averageMilli: Math.trunc(used / entries) };
}

function meanOf(usage: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const milli of usage.values()) sum += milli;
  return Math.trunc(sum / usage.size);
}
