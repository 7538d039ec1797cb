import type { EpochMs } from '../../../kernel/clock.js';
import type { Quantity } from '../quantity/quantity.js';
import type { CrossVersionObjectReference, MetricIdentifier } from './hpa.types.js';

export type HpaConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';

export interface HpaCondition {
  readonly type: HpaConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: EpochMs;
}

/** What was measured, without the corrections for missing and unready pods, as in `status.currentMetrics`. */
export interface MetricValueStatus {
  readonly value?: Quantity;
  readonly averageValue?: Quantity;
  /** Percent of the request. */
  readonly averageUtilization?: number;
}

export type MetricStatus =
  | { readonly type: 'Resource'; readonly resource: { readonly name: string; readonly current: MetricValueStatus } }
  | {
      readonly type: 'ContainerResource';
      readonly containerResource: {
        readonly name: string;
        readonly container: string;
        readonly current: MetricValueStatus;
      };
    }
  | { readonly type: 'Pods'; readonly pods: { readonly metric: MetricIdentifier; readonly current: MetricValueStatus } }
  | {
      readonly type: 'Object';
      readonly object: {
        readonly describedObject: CrossVersionObjectReference;
        readonly metric: MetricIdentifier;
        readonly current: MetricValueStatus;
      };
    }
  | {
      readonly type: 'External';
      readonly external: { readonly metric: MetricIdentifier; readonly current: MetricValueStatus };
    };

/** A Kubernetes event of the autoscaler, as `kubectl describe hpa` lists it. */
export interface HpaEvent {
  readonly at: EpochMs;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** A replica count that the metrics asked for at a time, before stabilization. */
export interface Recommendation {
  readonly replicas: number;
  readonly at: EpochMs;
}

/** A change that was made: its size, positive in both directions. */
export interface ScaleEvent {
  readonly replicaChange: number;
  readonly at: EpochMs;
}

/** Everything the controller remembers about one autoscaler between two syncs. Plain data. */
export interface HpaState {
  /** Null before the first sync, which records the count that it finds. */
  readonly recommendations: readonly Recommendation[] | null;
  readonly scaleUpEvents: readonly ScaleEvent[];
  readonly scaleDownEvents: readonly ScaleEvent[];
  readonly status: HpaStatus;
}

export interface HpaStatus {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly lastScaleTime: EpochMs | null;
  readonly conditions: readonly HpaCondition[];
  /** Null at a metric's position where it could not be read. */
  readonly currentMetrics: readonly (MetricStatus | null)[];
}

export function initialHpaState(): HpaState {
  return {
    recommendations: null,
    scaleUpEvents: [],
    scaleDownEvents: [],
    status: { currentReplicas: 0, desiredReplicas: 0, lastScaleTime: null, conditions: [], currentMetrics: [] },
  };
}
