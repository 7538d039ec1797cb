import { countReadyPods } from '../hpa/pod-groups.js';
import type { MetricHealth, ScaledObjectObservation, ScalerAnswer } from './scaled-object-state.types.js';
import type {
  CronTrigger,
  ExternalMetricType,
  Fallback,
  ScaledObjectSpec,
  ValueTrigger,
} from './scaled-object.types.js';

/** A metric as the autoscaler gets it: a value, made up or not, or an error. */
export type ServedMetric =
  | { readonly type: 'served'; readonly milli: number; readonly fallback: boolean }
  | { readonly type: 'failure'; readonly message: string };

/**
 * Counts a metric's failures in a row and, beyond the threshold, puts in its place the value that makes the autoscaler
 * ask for the fallback's replicas. Source: keda pkg/fallback/fallback.go, GetMetricsWithFallback and doFallback.
 */
export function withFallback(
  spec: ScaledObjectSpec,
  trigger: CronTrigger | ValueTrigger,
  answer: ScalerAnswer,
  health: MetricHealth | undefined,
  observation: ScaledObjectObservation,
): { readonly served: ServedMetric; readonly health: MetricHealth } {
  if (answer.type === 'metric') {
    const served: ServedMetric = { type: 'served', milli: answer.milli, fallback: false };
    return { served, health: { numberOfFailures: 0, status: 'Happy' } };
  }
  const failing: MetricHealth = { numberOfFailures: (health?.numberOfFailures ?? 0) + 1, status: 'Failing' };
  const { fallback } = spec;
  if (!fallback || failing.numberOfFailures <= fallback.failureThreshold || !hasUsableTarget(spec))
    return { served: answer, health: failing };
  return { served: fallbackMetric(spec, trigger, fallback, observation), health: failing };
}

export function isFallingBack(spec: ScaledObjectSpec, health: Readonly<Record<string, MetricHealth>>): boolean {
  const threshold = spec.fallback?.failureThreshold;
  if (threshold === undefined) return false;
  return Object.values(health).some(({ numberOfFailures }) => numberOfFailures > threshold);
}

function fallbackMetric(
  spec: ScaledObjectSpec,
  trigger: CronTrigger | ValueTrigger,
  fallback: Fallback,
  observation: ScaledObjectObservation,
): ServedMetric {
  const { metricType, target } = targetOf(spec, trigger);
  let replicas = fallbackReplicas(fallback, observation.scale?.specReplicas ?? 0);
  if (metricType === 'Value') {
    const ready = countReadyPods(observation.pods);
    if (ready === 0) return { type: 'failure', message: 'error performing fallback' };
    replicas /= ready;
  }
  return { type: 'served', milli: Math.trunc(target * 1000 * replicas), fallback: true };
}

function fallbackReplicas({ behavior, replicas }: Fallback, current: number): number {
  switch (behavior) {
    case 'currentReplicas':
      return current;
    case 'currentReplicasIfHigher':
      return Math.max(current, replicas);
    case 'currentReplicasIfLower':
      return Math.min(current, replicas);
    case 'static':
      return replicas;
  }
}

function targetOf(
  { scalingModifiers }: ScaledObjectSpec,
  trigger: CronTrigger | ValueTrigger,
): { readonly metricType: ExternalMetricType; readonly target: number } {
  if (scalingModifiers) return scalingModifiers;
  return { metricType: trigger.metricType, target: trigger.type === 'cron' ? 1 : trigger.threshold };
}

/** KEDA falls back with a formula only when its target is a whole number. Source: fallback.go, HasValidFallback. */
function hasUsableTarget({ scalingModifiers }: ScaledObjectSpec): boolean {
  return !scalingModifiers || Number.isInteger(scalingModifiers.target);
}
