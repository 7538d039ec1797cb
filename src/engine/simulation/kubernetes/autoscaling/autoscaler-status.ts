import { metricsOf } from '../../../scaling/hpa/defaults.js';
import type { HpaCondition, MetricStatus, MetricValueStatus } from '../../../scaling/hpa/hpa-status.types.js';
import type { HorizontalPodAutoscaler, MetricSpec, MetricTarget } from '../../../scaling/hpa/hpa.types.js';
import type { AutoscalerState } from '../platform-state.types.js';

/** What `kubectl get hpa` and kube-state-metrics show after a sync. */
export function showStatus(
  state: AutoscalerState,
  hpa: HorizontalPodAutoscaler,
  sync: {
    readonly desired: number;
    readonly current: number;
    readonly conditions: readonly HpaCondition[];
    readonly metrics: readonly (MetricStatus | null)[];
  },
): void {
  const metrics = metricsOf(hpa.spec);
  state.desiredReplicas = sync.desired;
  state.currentReplicas = sync.current;
  if (!sameConditions(state.conditions, sync.conditions))
    state.conditions = sync.conditions.map(({ reason, status, type }) => ({ type, status, reason }));
  state.currentMetrics = sync.metrics.flatMap((status, i) => (status && metrics[i] ? shown(status, metrics[i]) : []));
}

function sameConditions(known: AutoscalerState['conditions'], now: readonly HpaCondition[]): boolean {
  if (known.length !== now.length) return false;
  for (let i = 0; i < now.length; i++) {
    const [before, after] = [known[i]!, now[i]!];
    if (before.status !== after.status || before.reason !== after.reason || before.type !== after.type) return false;
  }
  return true;
}

function shown(status: MetricStatus, metric: MetricSpec): AutoscalerState['currentMetrics'] {
  const { name, current } = currentOf(status);
  const target = targetOf(metric);
  if (target.averageUtilization !== undefined && current.averageUtilization !== undefined)
    return [{ name, value: current.averageUtilization, target: target.averageUtilization, unit: 'utilization' }];
  if (target.averageValue && current.averageValue)
    return [{ name, value: current.averageValue.value, target: target.averageValue.value, unit: 'average' }];
  if (target.value && current.value)
    return [{ name, value: current.value.value, target: target.value.value, unit: 'value' }];
  return [];
}

function currentOf(status: MetricStatus): { readonly name: string; readonly current: MetricValueStatus } {
  switch (status.type) {
    case 'Resource':
      return status.resource;
    case 'ContainerResource':
      return status.containerResource;
    case 'Pods':
      return { name: status.pods.metric.name, current: status.pods.current };
    case 'Object':
      return { name: status.object.metric.name, current: status.object.current };
    case 'External':
      return { name: status.external.metric.name, current: status.external.current };
  }
}

function targetOf(metric: MetricSpec): MetricTarget {
  switch (metric.type) {
    case 'Resource':
      return metric.resource.target;
    case 'ContainerResource':
      return metric.containerResource.target;
    case 'Pods':
      return metric.pods.target;
    case 'Object':
      return metric.object.target;
    case 'External':
      return metric.external.target;
  }
}
