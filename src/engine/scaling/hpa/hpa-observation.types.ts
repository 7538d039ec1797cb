import type { EpochMs } from '../../../kernel/clock.js';

/** Amounts per resource name (`cpu`, `memory`) in milli-units: millicores, thousandths of bytes. Whole numbers. */
export type MilliResources = Readonly<Record<string, number>>;

/** What the controller sees at one sync: the scale subresource, the pods its selector finds, and the metrics APIs. */
export interface HpaObservation {
  /** Null: the target cannot be read (it does not exist), condition FailedGetScale. */
  readonly scale: ObservedScale | null;
  readonly pods: readonly ObservedPod[];
  /** `metrics.k8s.io`, for Resource and ContainerResource metrics. Null or an error: the API does not answer. */
  readonly resourceMetrics?: readonly PodResourceMetrics[] | MetricsError | null;
  /** Values of the Pods, Object and External metrics, at the metric's position in `spec.metrics`. */
  readonly metrics?: readonly (MetricReading | null | undefined)[];
  /** Names of other autoscalers whose selectors find these pods; any blocks scaling (AmbiguousSelector). */
  readonly alsoControlledBy?: readonly string[];
}

export interface ObservedScale {
  /** `spec.replicas` of the scale subresource: what was asked for. */
  readonly specReplicas: number;
  /** `status.replicas`: pods that exist. */
  readonly statusReplicas: number;
}

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

export interface ObservedPod {
  readonly name: string;
  readonly phase: PodPhase;
  /** When deletion was asked for; absent while nobody did. */
  readonly deletionTimestamp?: EpochMs | null;
  /** `status.startTime`: when the kubelet acknowledged the pod. */
  readonly startTime?: EpochMs | null;
  /** The Ready condition; absent before the kubelet set it. */
  readonly ready?: { readonly status: 'True' | 'False' | 'Unknown'; readonly lastTransitionTime: EpochMs } | null;
  /** Containers and restartable init containers (sidecars), which count alike. */
  readonly containers: readonly { readonly name: string; readonly requests: MilliResources }[];
  /** Requests of the pod itself (pod-level resources, KEP-2837); they stand in for the containers' sum. */
  readonly podRequests?: MilliResources;
}

/** One item of `kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`. */
export interface PodResourceMetrics {
  readonly pod: string;
  /** End of the window that was measured. */
  readonly timestamp: EpochMs;
  /** Length of that window, milliseconds. */
  readonly windowMs: number;
  readonly containers: readonly { readonly name: string; readonly usage: MilliResources }[];
}

export type MetricReading = PodsMetricReading | ObjectMetricReading | ExternalMetricReading | MetricsError;

export interface PodsMetricReading {
  readonly type: 'Pods';
  readonly values: readonly { readonly pod: string; readonly milli: number; readonly timestamp: EpochMs }[];
}

export interface ObjectMetricReading {
  readonly type: 'Object';
  readonly milli: number;
}

export interface ExternalMetricReading {
  readonly type: 'External';
  /** One entry per series the selector finds; they are summed. None is an error. */
  readonly milli: readonly number[];
}

/** The metrics API answered with an error: its text becomes part of the condition. */
export interface MetricsError {
  readonly type: 'error';
  readonly message: string;
}
