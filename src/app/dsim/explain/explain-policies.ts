import type { AutoscalerSpec, Scenario } from '../../../engine/scenario/scenario.types.js';
import { table } from '../terminal/words.js';

/** Who scales what between which bounds and on what, and how versions are rolled out. */
export function explainPolicies({ autoscalers, services }: Scenario): string {
  const scalers = autoscalers.map((autoscaler) => [
    autoscaler.service,
    `${autoscaler.kind === 'hpa' ? 'HPA' : 'KEDA'} in ${autoscaler.clusters.join(', ')}`,
    bounds(autoscaler),
    signals(autoscaler),
  ]);
  const rollouts = services
    .filter(({ rollout }) => rollout.strategy !== 'rolling')
    .map(({ name, rollout }) => [name, `rolled out as ${rollout.strategy}`]);
  return table([...scalers, ...rollouts], '  ');
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
      ? (autoscaler.object.spec.metrics ?? []).map(({ type }) => type)
      : autoscaler.object.spec.triggers.map(({ type }) => type);
  return `on ${names.length === 0 ? 'CPU at 80 %' : names.join(', ')}`;
}
