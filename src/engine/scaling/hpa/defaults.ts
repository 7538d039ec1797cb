import type { HpaControllerSettings } from './controller-settings.js';
import type { HpaBehavior, HpaSpec, MetricSpec, ScalingPolicy, ScalingRules, SelectPolicy } from './hpa.types.js';

/** Scaling rules with nothing left open. */
export interface CompleteScalingRules {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: SelectPolicy;
  readonly policies: readonly ScalingPolicy[];
}

export interface CompleteBehavior {
  readonly scaleUp: CompleteScalingRules;
  readonly scaleDown: CompleteScalingRules;
}

const DEFAULT_METRICS: readonly MetricSpec[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
];

const SCALE_UP_POLICIES: readonly ScalingPolicy[] = [
  { type: 'Pods', value: 4, periodSeconds: 15 },
  { type: 'Percent', value: 100, periodSeconds: 15 },
];
const SCALE_DOWN_POLICIES: readonly ScalingPolicy[] = [{ type: 'Percent', value: 100, periodSeconds: 15 }];

/** What the API server fills in. Source: kubernetes pkg/apis/autoscaling/v2/defaults.go. */
export function minReplicasOf(spec: HpaSpec): number {
  return spec.minReplicas ?? 1;
}

/** The metrics, or CPU utilization of 80 % where none is given. Source: as `minReplicasOf`. */
export function metricsOf(spec: HpaSpec): readonly MetricSpec[] {
  return spec.metrics && spec.metrics.length > 0 ? spec.metrics : DEFAULT_METRICS;
}

/**
 * A given behavior with its gaps filled. The downscale window of the cluster stands in for a missing one.
 * Source: as `minReplicasOf`, GenerateHPAScaleUpRules and GenerateHPAScaleDownRules; horizontal.go,
 * maybeInitScaleDownStabilizationWindow.
 */
export function completeBehavior(behavior: HpaBehavior, settings: HpaControllerSettings): CompleteBehavior {
  return {
    scaleUp: complete(behavior.scaleUp, 0, SCALE_UP_POLICIES),
    scaleDown: complete(behavior.scaleDown, settings.downscaleStabilizationMs / 1000, SCALE_DOWN_POLICIES),
  };
}

function complete(
  rules: ScalingRules | undefined,
  windowSeconds: number,
  policies: readonly ScalingPolicy[],
): CompleteScalingRules {
  return {
    stabilizationWindowSeconds: rules?.stabilizationWindowSeconds ?? windowSeconds,
    selectPolicy: rules?.selectPolicy ?? 'Max',
    policies: rules?.policies ?? policies,
  };
}
