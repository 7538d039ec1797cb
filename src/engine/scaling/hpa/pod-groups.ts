import type { EpochMs } from '../../../kernel/clock.js';
import type { HpaControllerSettings } from './controller-settings.js';
import type { ObservedPod } from './hpa-observation.types.js';
import type { PodMetric, PodMetrics } from './pod-metrics.js';

/** How the pods enter a calculation, by name. */
export interface PodGroups {
  readonly readyCount: number;
  /** Set aside: pending, or (for CPU) not ready long enough for its sample to mean load. */
  readonly unready: ReadonlySet<string>;
  /** Running without a metric. */
  readonly missing: ReadonlySet<string>;
  /** Gone or going: deleted, failed, finished. */
  readonly ignored: ReadonlySet<string>;
}

/**
 * Sorts pods for a per-pod metric. Only for CPU does readiness count: starting burns CPU that says nothing of load.
 * Source: kubernetes replica_calculator.go, groupPods.
 * @param resource `cpu`, `memory`..., or null for a custom metric.
 */
export function groupPods(
  pods: readonly ObservedPod[],
  metrics: PodMetrics,
  resource: string | null,
  settings: HpaControllerSettings,
  now: EpochMs,
): PodGroups {
  const unready = new Set<string>();
  const missing = new Set<string>();
  const ignored = new Set<string>();
  let readyCount = 0;
  for (const pod of pods) {
    const metric = metrics.get(pod.name);
    if (isGone(pod)) ignored.add(pod.name);
    else if (pod.phase === 'Pending') unready.add(pod.name);
    else if (!metric) missing.add(pod.name);
    else if (resource === 'cpu' && isUnreadyForCpu(pod, metric, settings, now)) unready.add(pod.name);
    else readyCount += 1;
  }
  return { readyCount, unready, missing, ignored };
}

function isGone(pod: ObservedPod): boolean {
  return (pod.deletionTimestamp ?? null) !== null || pod.phase === 'Failed' || pod.phase === 'Succeeded';
}

function isUnreadyForCpu(pod: ObservedPod, metric: PodMetric, settings: HpaControllerSettings, now: EpochMs): boolean {
  const { ready } = pod;
  const startTime = pod.startTime ?? null;
  if (!ready || startTime === null) return true;
  if (startTime + settings.cpuInitializationPeriodMs > now) {
    // Still starting: a sample counts only when all of its window lies after the pod turned ready.
    return ready.status === 'False' || metric.timestamp < ready.lastTransitionTime + metric.windowMs;
  }
  // Later, an unready pod counts unless it was never ready.
  return ready.status === 'False' && startTime + settings.initialReadinessDelayMs > ready.lastTransitionTime;
}

/** Pods that Object and External metrics multiply by. Deleted ones that are still ready count, as in Kubernetes. */
export function countReadyPods(pods: readonly ObservedPod[]): number {
  return pods.filter((pod) => pod.phase === 'Running' && pod.ready?.status === 'True').length;
}
