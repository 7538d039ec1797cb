import type { HpaEvent, MetricStatus } from './hpa-status.types.js';
import { computeMetric, type MetricContext } from './compute-metric.js';
import type { MetricSpec } from './hpa.types.js';
import { MetricFailure } from './metric-failure.js';
import { metricText } from './metric-texts.js';

/** The ScalingActive condition to be set: its status, reason and message. */
export interface ScalingActive {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

export interface MetricsOutcome {
  /** The largest proposal; null when scaling must not happen. */
  readonly replicas: number | null;
  /** The metric that made it, in words. */
  readonly metric: string;
  readonly statuses: readonly (MetricStatus | null)[];
  readonly scalingActive: ScalingActive;
  readonly events: readonly HpaEvent[];
  /** Set when any metric failed: how many, and the first failure. */
  readonly error: string | null;
}

const FAILURE_REASON: Readonly<Record<MetricSpec['type'], string>> = {
  Resource: 'FailedGetResourceMetric',
  ContainerResource: 'FailedGetContainerResourceMetric',
  Pods: 'FailedGetPodsMetric',
  Object: 'FailedGetObjectMetric',
  External: 'FailedGetExternalMetric',
};

/**
 * Evaluates every metric and takes the largest proposal. Failed metrics stop the autoscaler when all failed, or when the
 * others would scale down: what cannot be read might need the replicas.
 * Source: kubernetes horizontal.go, computeReplicasForMetrics.
 */
export function computeReplicas(metrics: readonly MetricSpec[], context: MetricContext): MetricsOutcome {
  const statuses: (MetricStatus | null)[] = [];
  const events: HpaEvent[] = [];
  let replicas = 0;
  let metricName = '';
  let failures = 0;
  let first: { condition: ScalingActive; message: string } | null = null;

  for (const [index, metric] of metrics.entries()) {
    try {
      const proposal = computeMetric(metric, index, context);
      statuses.push(proposal.status);
      // Zero stands for "none yet", so the metric after a proposal of zero always takes its place.
      if (replicas === 0 || proposal.replicas > replicas) {
        replicas = proposal.replicas;
        metricName = metricText(metric);
      }
    } catch (error) {
      if (!(error instanceof MetricFailure)) throw error;
      statuses.push(null);
      failures += 1;
      const reason = FAILURE_REASON[metric.type] ?? 'InvalidMetricSourceType';
      events.push({ at: context.now, type: 'Warning', reason, message: error.message });
      const message = `the HPA was unable to compute the replica count: ${error.message}`;
      first ??= {
        condition: { status: 'False', reason, message },
        message: `${failurePrefix(metric)}${error.message}`,
      };
    }
  }

  const error = first
    ? `invalid metrics (${failures} invalid out of ${metrics.length}), first error is: ${first.message}`
    : null;
  if (first && (failures >= metrics.length || replicas < context.scale.specReplicas))
    return { replicas: null, metric: '', statuses, scalingActive: first.condition, events, error };
  const message = `the HPA was able to successfully calculate a replica count from ${metricName}`;
  const scalingActive: ScalingActive = { status: 'True', reason: 'ValidMetricFound', message };
  return { replicas, metric: metricName, statuses, scalingActive, events, error };
}

function failurePrefix(metric: MetricSpec): string {
  switch (metric.type) {
    case 'Resource':
      return `failed to get ${metric.resource.name} resource metric value: `;
    case 'ContainerResource':
      return `failed to get ${metric.containerResource.container} container metric value: `;
    case 'Pods':
      return 'failed to get pods metric value: ';
    case 'Object':
      return 'failed to get object metric value: ';
    case 'External':
      return `failed to get ${metric.external.metric.name} external metric value: `;
    default:
      return '';
  }
}
