import type { EpochMs } from '../../../kernel/clock.js';
import { DEFAULT_CONTROLLER_SETTINGS, type HpaControllerSettings } from '../hpa/controller-settings.js';
import { evaluateHpa, type HpaEvaluation } from '../hpa/evaluate-hpa.js';
import type { MetricReading } from '../hpa/hpa-observation.types.js';
import { isFallingBack, withFallback, type ServedMetric } from './fallback.js';
import { COMPOSITE_METRIC, hpaOfScaledObject } from './hpa-of-scaled-object.js';
import {
  withScaledObjectCondition,
  type MetricHealth,
  type ScaledObjectObservation,
  type ScaledObjectState,
  type ScalerAnswer,
} from './scaled-object-state.types.js';
import { isExternal, type ScaledObject } from './scaled-object.types.js';
import { askScalers } from './scalers.js';
import { compositeMetric } from './scaling-modifiers.js';

export interface ScaledObjectSync extends Omit<HpaEvaluation, 'state'> {
  readonly state: ScaledObjectState;
}

/**
 * One sync of the autoscaler that KEDA made, with the metrics that KEDA serves it: 1 to N replicas. Call it every
 * `settings.syncPeriodMs` (15 s), and `pollScaledObject` every `pollingInterval` for 0 to 1 and back.
 * A failing trigger is an error for the autoscaler until the fallback's threshold has passed.
 * Source: keda pkg/scaling/scale_handler.go, GetScaledObjectMetrics.
 */
export function syncScaledObject(
  scaledObject: ScaledObject,
  state: ScaledObjectState,
  observation: ScaledObjectObservation,
  now: EpochMs,
  settings: HpaControllerSettings = DEFAULT_CONTROLLER_SETTINGS,
): ScaledObjectSync {
  if (scaledObject.pause.paused) return untouched(state, observation);
  const { spec } = scaledObject;
  const asked = askScalers(
    spec.triggers.map((trigger) => (isExternal(trigger) ? trigger : null)),
    observation.triggers,
    state.cron,
    now,
  );
  const served = new Map<string, ServedMetric>();
  const health: Record<string, MetricHealth> = {};
  for (const trigger of spec.triggers) {
    if (!isExternal(trigger)) continue;
    const { metricName, useCachedMetrics } = trigger;
    const cached = useCachedMetrics ? state.cache[metricName] : undefined;
    const answer: ScalerAnswer = cached ?? asked.answers.get(metricName)!;
    const outcome = withFallback(spec, trigger, answer, state.health[metricName], observation);
    served.set(metricName, outcome.served);
    health[metricName] = outcome.health;
  }
  if (spec.scalingModifiers) {
    const composite = compositeMetric(spec.scalingModifiers, spec.triggers, served);
    served.set(COMPOSITE_METRIC, composite);
  }

  const hpa = hpaOfScaledObject(scaledObject);
  const metrics = hpa.spec.metrics!.map((metric) =>
    metric.type === 'External' ? readingOf(metric.external.metric.name, served) : null,
  );
  const { state: hpaState, ...evaluation } = evaluateHpa(hpa, state.hpa, { ...observation, metrics }, now, settings);
  const conditions = withScaledObjectCondition(state.conditions, fallbackCondition(isFallingBack(spec, health)));
  return { ...evaluation, state: { ...state, hpa: hpaState, health, cron: asked.cron, conditions } };
}

function readingOf(metricName: string, served: ReadonlyMap<string, ServedMetric>): MetricReading {
  const metric = served.get(metricName)!;
  if (metric.type === 'served') return { type: 'External', milli: [metric.milli] };
  return { type: 'error', message: `metric:${metricName} encountered error: ${metric.message}` };
}

/** While paused KEDA takes its autoscaler away. */
function untouched(state: ScaledObjectState, observation: ScaledObjectObservation): ScaledObjectSync {
  const { conditions, currentMetrics } = state.hpa.status;
  const desiredReplicas = observation.scale?.specReplicas ?? 0;
  return { desiredReplicas, rescaled: false, conditions, currentMetrics, events: [], state };
}

function fallbackCondition(active: boolean): ScaledObjectState['conditions'][number] {
  return active
    ? {
        ...{ type: 'Fallback', status: 'True', reason: 'FallbackExists' },
        message: 'At least one trigger is falling back on this scaled object',
      }
    : {
        ...{ type: 'Fallback', status: 'False', reason: 'NoFallbackFound' },
        message: 'No fallbacks are active on this scaled object',
      };
}
