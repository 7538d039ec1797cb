import type { HorizontalPodAutoscaler, HpaBehavior, MetricSpec, MetricTarget, ScalingRules } from '../hpa/hpa.types.js';
import { decimalQuantity } from '../quantity/format.js';
import { isExternal, type ExternalMetricType, type ScaledObject, type Trigger } from './scaled-object.types.js';

/** Name of the metric that a formula makes of all external ones. Source: keda scaledobject_types.go. */
export const COMPOSITE_METRIC = 'composite-metric';
const LONGEST_NAME = 63;

/**
 * The HorizontalPodAutoscaler that KEDA makes of a ScaledObject: `minReplicas` is at least 1, the step to zero is
 * KEDA's own. Metrics are in the order of their types, as KEDA sorts them.
 * Source: keda controllers/keda/hpa.go; pkg/scalers/scaler.go, GetMetricTarget and GetMetricTargetMili.
 */
export function hpaOfScaledObject({ metadata, pause, spec }: ScaledObject): HorizontalPodAutoscaler {
  const { name, namespace } = metadata;
  const minReplicas = Math.max(1, spec.minReplicaCount);
  const { maxReplicaCount: maxReplicas, scaleTargetRef } = spec;
  const behavior = pausedBehavior(spec.behavior, pause);
  return {
    metadata: { name: spec.hpaName ?? `keda-hpa-${name}`.slice(0, LONGEST_NAME), namespace },
    spec: {
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      metrics: metricsOfScaledObject({ metadata, pause, spec }),
      behavior,
    },
  };
}

function metricsOfScaledObject({ metadata, spec }: ScaledObject): readonly MetricSpec[] {
  const { scalingModifiers: modifiers, triggers } = spec;
  const external = (metricName: string, type: ExternalMetricType, target: number): MetricSpec => {
    const quantity = decimalQuantity(Math.trunc(target * 1000));
    const value: MetricTarget = type === 'Value' ? { type, value: quantity } : { type, averageValue: quantity };
    const selector = { matchLabels: { 'scaledobject.keda.sh/name': metadata.name.slice(0, LONGEST_NAME) } };
    return { type: 'External', external: { metric: { name: metricName, selector }, target: value } };
  };
  const own = triggers.flatMap((trigger): MetricSpec[] => {
    if (!isExternal(trigger)) return [resourceMetric(trigger)];
    if (modifiers) return [];
    const target = trigger.type === 'cron' ? 1 : trigger.threshold;
    return [external(trigger.metricName, trigger.metricType, target)];
  });
  const composite = modifiers ? [external(COMPOSITE_METRIC, modifiers.metricType, modifiers.target)] : [];
  return [...composite, ...own].sort((a, b) => (a.type < b.type ? -1 : Number(a.type > b.type)));
}

function resourceMetric(trigger: Exclude<Trigger, { type: 'cron' | 'prometheus' | 'metrics-api' }>): MetricSpec {
  const { metricType: type, value, containerName } = trigger;
  const target: MetricTarget =
    type === 'Utilization' ? { type, averageUtilization: value.value } : { type, averageValue: value };
  if (containerName)
    return { type: 'ContainerResource', containerResource: { name: trigger.type, container: containerName, target } };
  return { type: 'Resource', resource: { name: trigger.type, target } };
}

/** Pausing one direction disables it at the autoscaler. Source: keda.sh, "Pausing autoscaling". */
function pausedBehavior(behavior: HpaBehavior | undefined, pause: ScaledObject['pause']): HpaBehavior | undefined {
  if (!pause.scaleIn && !pause.scaleOut) return behavior;
  const held = (rules: ScalingRules | undefined, paused: boolean): ScalingRules | undefined =>
    paused ? { ...rules, selectPolicy: 'Disabled' } : rules;
  return { scaleUp: held(behavior?.scaleUp, pause.scaleOut), scaleDown: held(behavior?.scaleDown, pause.scaleIn) };
}
