import type { Fleet } from '../model/fleet.types.js';

/** Key of `AccountState.replicas`, service and cluster: `checkout@eu`. */
export function replicaKey(fleet: Fleet, deployment: number): string {
  const { spec, cluster } = fleet.deployments[deployment]!;
  return `${spec.name}@${fleet.clusters[cluster]!.spec.name}`;
}
