import type { AutoscalerSpec, Scenario } from '../../../engine/scenario/scenario.types.js';
import { InvalidSimulationError } from '../simulation.errors.js';

export interface FleetLimits {
  readonly maxPods: number;
  readonly maxNodes: number;
}

/**
 * A scenario may be right and yet so large that a worker would be busy with it alone. Throws
 * `simulation.invalid_request` where pods or nodes, as many as autoscalers and planned changes allow, are more than the
 * limits.
 */
export function assertFleetSize(
  scenario: Scenario,
  { maxPods, maxNodes }: FleetLimits,
  podsPath: string = 'services',
): void {
  const { pods, nodes } = largestFleet(scenario);
  const issues = [
    ...tooMany(podsPath, 'pods', pods, maxPods, 'replicas or lower maxima of autoscalers'),
    ...tooMany('platform.clusters', 'nodes', nodes, maxNodes, 'nodes, larger ones, or lower maxima of node pools'),
  ];
  if (issues.length > 0) throw new InvalidSimulationError(issues);
}

/** With every autoscaler at its maximum, and every planned scaling done. */
export function largestFleet({ services, platform, autoscalers, changes }: Scenario): {
  readonly pods: number;
  readonly nodes: number;
} {
  let pods = 0;
  for (const { name, clusters, replicas } of services) {
    const planned = changes.flatMap((change) =>
      change.kind === 'scale' && change.service === name ? [change.replicas] : [],
    );
    const largest = Math.max(replicas, ...planned);
    for (const cluster of clusters) {
      const bounds = autoscalers
        .filter((each) => each.service === name && each.clusters.includes(cluster))
        .map(maximumOf);
      pods += Math.max(largest, ...bounds);
    }
  }
  const pools = platform.clusters.flatMap(({ nodePools }) => nodePools);
  return { pods, nodes: pools.reduce((sum, pool) => sum + Math.max(pool.nodes, pool.max), 0) };
}

function maximumOf(autoscaler: AutoscalerSpec): number {
  return autoscaler.kind === 'hpa' ? autoscaler.object.spec.maxReplicas : autoscaler.object.spec.maxReplicaCount;
}

function tooMany(path: string, what: string, count: number, limit: number, cure: string) {
  if (count <= limit) return [];
  const setting = `simulation.max${what === 'pods' ? 'Pods' : 'Nodes'}`;
  return [
    { path, message: `can come to ${count} ${what}, more than the ${limit} of ${setting}. Ask for fewer ${cure}` },
  ];
}
