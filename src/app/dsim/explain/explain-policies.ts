import type { AutoscalerSpec, Scenario } from '../../../engine/scenario/scenario.types.js';
import type { MetricSpec, MetricTarget } from '../../../engine/scaling/hpa/hpa.types.js';
import type { Trigger } from '../../../engine/scaling/keda/scaled-object.types.js';
import { grid, plural, short } from '../terminal/words.js';

/** Who scales what between which bounds and on what, and how versions are rolled out. */
export function explainPolicies({ autoscalers, services }: Scenario, columns: number): string {
  const scalers = autoscalers.map((autoscaler) => [
    autoscaler.service,
    `${autoscaler.kind === 'hpa' ? 'HPA' : 'KEDA'} in ${autoscaler.clusters.join(', ')}`,
    bounds(autoscaler),
    signals(autoscaler),
  ]);
  const rollouts = services
    .filter(({ rollout }) => rollout.strategy !== 'rolling')
    .map(({ name, rollout }) => [name, `rolled out as ${rollout.strategy}`]);
  return grid([...scalers, ...rollouts], columns, '  ');
}

function bounds(autoscaler: AutoscalerSpec): string {
  if (autoscaler.kind === 'hpa') {
    const { minReplicas, maxReplicas } = autoscaler.object.spec;
    return `${minReplicas ?? 1} to ${maxReplicas} pods`;
  }
  const { minReplicaCount, maxReplicaCount } = autoscaler.object.spec;
  return `${minReplicaCount ?? 0} to ${maxReplicaCount ?? 100} pods`;
}

function signals(autoscaler: AutoscalerSpec): string {
  const names =
    autoscaler.kind === 'hpa'
      ? (autoscaler.object.spec.metrics ?? []).map(metric)
      : autoscaler.object.spec.triggers.map(trigger);
  return `on ${names.length === 0 ? 'cpu at 80 %' : names.join(', ')}`;
}

function metric(spec: MetricSpec): string {
  switch (spec.type) {
    case 'Resource':
      return `${spec.resource.name} at ${target(spec.resource.target)}`;
    case 'ContainerResource':
      return `${spec.containerResource.name} of ${spec.containerResource.container} at ${target(spec.containerResource.target)}`;
    case 'Pods':
      return `${spec.pods.metric.name} at ${target(spec.pods.target)}`;
    case 'Object':
      return `${spec.object.metric.name} of ${spec.object.describedObject.name} at ${target(spec.object.target)}`;
    case 'External':
      return `${spec.external.metric.name} at ${target(spec.external.target)}`;
  }
}

function target({ averageUtilization, averageValue, value }: MetricTarget): string {
  if (averageUtilization !== undefined) return `${averageUtilization} %`;
  return averageValue === undefined ? (value?.text ?? '') : `${averageValue.text} per pod`;
}

function trigger(one: Trigger): string {
  switch (one.type) {
    case 'cron':
      return `cron to ${plural(one.desiredReplicas, 'pod')}`;
    case 'cpu':
    case 'memory':
      return `${one.type} at ${one.metricType === 'Utilization' ? `${one.value.text} %` : `${one.value.text} per pod`}`;
    case 'prometheus':
    case 'metrics-api':
      return `${one.type} ${one.source} at ${short(one.threshold)}${one.metricType === 'AverageValue' ? ' per pod' : ''}`;
  }
}
