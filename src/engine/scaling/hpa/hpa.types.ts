import type { Quantity } from '../quantity/quantity.js';

/** HorizontalPodAutoscaler of autoscaling/v2, as in k8s.io/api/autoscaling/v2/types.go; quantities are parsed. */
export interface HorizontalPodAutoscaler {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: HpaSpec;
}

export interface HpaSpec {
  readonly scaleTargetRef: CrossVersionObjectReference;
  /** Lower limit, replicas; default 1; 0 needs an Object or External metric (feature gate HPAScaleToZero). */
  readonly minReplicas?: number;
  /** Upper limit, replicas; at least 1 and not below `minReplicas`. */
  readonly maxReplicas: number;
  /** Default: CPU utilization of 80 %. The largest proposal wins. */
  readonly metrics?: readonly MetricSpec[];
  /** Absent: the controller's built-in limits (legacy path), which differ in details from the API's defaults. */
  readonly behavior?: HpaBehavior;
}

export interface CrossVersionObjectReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}

export interface MetricIdentifier {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export type MetricTargetType = 'Utilization' | 'Value' | 'AverageValue';

export interface MetricTarget {
  readonly type: MetricTargetType;
  readonly value?: Quantity;
  readonly averageValue?: Quantity;
  /** Percent of the request, whole number, at least 1. */
  readonly averageUtilization?: number;
}

export interface ResourceMetricSource {
  readonly name: string;
  readonly target: MetricTarget;
}

export interface ContainerResourceMetricSource extends ResourceMetricSource {
  readonly container: string;
}

export interface PodsMetricSource {
  readonly metric: MetricIdentifier;
  readonly target: MetricTarget;
}

export interface ObjectMetricSource extends PodsMetricSource {
  readonly describedObject: CrossVersionObjectReference;
}

export type ExternalMetricSource = PodsMetricSource;

export type MetricSpec =
  | { readonly type: 'Resource'; readonly resource: ResourceMetricSource }
  | { readonly type: 'ContainerResource'; readonly containerResource: ContainerResourceMetricSource }
  | { readonly type: 'Pods'; readonly pods: PodsMetricSource }
  | { readonly type: 'Object'; readonly object: ObjectMetricSource }
  | { readonly type: 'External'; readonly external: ExternalMetricSource };

export interface HpaBehavior {
  readonly scaleUp?: ScalingRules;
  readonly scaleDown?: ScalingRules;
}

export type SelectPolicy = 'Max' | 'Min' | 'Disabled';

export interface ScalingRules {
  /** Seconds, 0 to 3600; default 0 up, the controller's downscale stabilization (300) down. */
  readonly stabilizationWindowSeconds?: number;
  /** Default `Max`: the policy that changes most. */
  readonly selectPolicy?: SelectPolicy;
  readonly policies?: readonly ScalingPolicy[];
  /** Share of the target within which nothing happens, for example 0.05 (KEP-4951); default the controller's 0.1. */
  readonly tolerance?: Quantity;
}

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  /** Pods or percent, at least 1. */
  readonly value: number;
  /** Seconds, 1 to 1800. */
  readonly periodSeconds: number;
}
