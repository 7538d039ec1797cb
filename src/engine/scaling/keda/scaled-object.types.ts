import type { CrossVersionObjectReference, HpaBehavior } from '../hpa/hpa.types.js';
import type { Quantity } from '../quantity/quantity.js';
import type { CronTimes } from './cron/cron-window.js';
import type { Formula } from './formula/formula.ast.js';

/** ScaledObject of keda.sh/v1alpha1 with its defaults filled. Source: keda apis/keda/v1alpha1/scaledobject_types.go. */
export interface ScaledObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  /** The `autoscaling.keda.sh/paused...` annotations. */
  readonly pause: ScaledObjectPause;
  readonly spec: ScaledObjectSpec;
}

export interface ScaledObjectPause {
  readonly paused: boolean;
  /** Replicas to hold while paused; null: as many as there are. */
  readonly replicas: number | null;
  readonly scaleIn: boolean;
  readonly scaleOut: boolean;
}

export interface ScaledObjectSpec {
  readonly scaleTargetRef: CrossVersionObjectReference;
  /** Seconds between two looks at the triggers; default 30. */
  readonly pollingInterval: number;
  /** Seconds from the last activity to idle replicas; default 300. */
  readonly cooldownPeriod: number;
  /** Seconds from creation until a never active object may go idle; default 0. */
  readonly initialCooldownPeriod: number;
  /** Replicas without activity, below `minReplicaCount`; only 0 works. */
  readonly idleReplicaCount?: number;
  /** Default 0: to zero without activity. */
  readonly minReplicaCount: number;
  /** Default 100. */
  readonly maxReplicaCount: number;
  readonly fallback?: Fallback;
  readonly behavior?: HpaBehavior;
  readonly hpaName?: string;
  readonly scalingModifiers?: ScalingModifiers;
  readonly triggers: readonly Trigger[];
}

export type FallbackBehavior = 'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower';

export interface Fallback {
  /** Failures in a row that are still suffered; the next one falls back. */
  readonly failureThreshold: number;
  readonly replicas: number;
  readonly behavior: FallbackBehavior;
}

export interface ScalingModifiers {
  readonly formula: Formula;
  readonly target: number;
  readonly activationTarget: number;
  readonly metricType: ExternalMetricType;
}

export type ExternalMetricType = 'AverageValue' | 'Value';

interface NamedTrigger {
  readonly name?: string;
}

interface ExternalTrigger extends NamedTrigger {
  readonly metricType: ExternalMetricType;
  /** Name of the metric at the autoscaler: `s0-prometheus`. */
  readonly metricName: string;
  /** The autoscaler reads the value of the last poll. */
  readonly useCachedMetrics: boolean;
}

export interface CronTrigger extends ExternalTrigger, CronTimes {
  readonly type: 'cron';
  readonly desiredReplicas: number;
}

/** A value that something answers; the scaler is active above `activationThreshold`. */
export interface ValueTrigger extends ExternalTrigger {
  readonly type: 'prometheus' | 'metrics-api';
  /** The PromQL query, or the URL that is asked. */
  readonly source: string;
  /** `threshold` or `targetValue`. */
  readonly threshold: number;
  /** `activationThreshold` or `activationTargetValue`. */
  readonly activationThreshold: number;
  /** Prometheus only: an empty answer is 0, not an error. */
  readonly ignoreNullValues: boolean;
}

export interface ResourceTrigger extends NamedTrigger {
  readonly type: 'cpu' | 'memory';
  readonly metricType: 'Utilization' | 'AverageValue';
  /** Percent for Utilization, else a quantity per pod. */
  readonly value: Quantity;
  readonly containerName?: string;
}

export type Trigger = CronTrigger | ValueTrigger | ResourceTrigger;

export function isExternal(trigger: Trigger): trigger is CronTrigger | ValueTrigger {
  return trigger.type !== 'cpu' && trigger.type !== 'memory';
}
