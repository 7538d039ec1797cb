import { emit } from '../events.js';
import { createPod } from '../pods/create-pod.js';
import { deletePod } from '../pods/end-pod.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { replicaSetName } from './replica-set-name.js';

/** Active pods of one replica set: neither being deleted nor failed. */
export interface ReplicaSetStatus {
  active: number;
  /** Ready; with `minReadySeconds` 0 that is available. */
  available: number;
}

export function isActive(pod: Pod): boolean {
  return pod.deletedAt < 0 && pod.phase !== 'Failed' && pod.phase !== 'Succeeded';
}

/** By version. */
export function statusOf({ control, platform }: PlatformContext, deployment: number): ReplicaSetStatus[] {
  const memory = control.deployments[deployment]!;
  const statuses = memory.replicaSets.map((): ReplicaSetStatus => ({ active: 0, available: 0 }));
  for (const slot of memory.pods) {
    const pod = platform.pods[slot]!;
    if (!isActive(pod)) continue;
    const status = statuses[pod.version]!;
    status.active += 1;
    if (pod.ready) status.available += 1;
  }
  return statuses;
}

/** Sets `spec.replicas` of a replica set. */
export function scaleReplicaSet(
  context: PlatformContext,
  deployment: number,
  version: number,
  replicas: number,
  maxReplicas = replicas,
): boolean {
  const { control, fleet, platform } = context;
  const replicaSet = control.deployments[deployment]!.replicaSets[version]!;
  replicaSet.maxReplicas = Math.max(replicas, maxReplicas);
  if (replicaSet.replicas === replicas) return false;
  const { cluster, name } = fleet.deployments[deployment]!;
  const verb = replicas > replicaSet.replicas ? 'up' : 'down';
  const message = `Scaled ${verb} replica set ${replicaSetName(context, deployment, version)} from ${replicaSet.replicas} to ${replicas}`;
  emit(context, 'Normal', 'ScalingReplicaSet', { kind: 'Deployment', name }, cluster, message);
  replicaSet.replicas = replicas;
  platform.generation += 1;
  return true;
}

/** Makes as many active pods as each replica set wants: creates the missing ones, deletes the surplus. */
export function syncReplicaSets(context: PlatformContext, deployment: number): void {
  const statuses = statusOf(context, deployment);
  const { replicaSets } = context.control.deployments[deployment]!;
  for (const [version, { replicas }] of replicaSets.entries()) {
    const { active } = statuses[version]!;
    for (let i = active; i < replicas; i++) createPod(context, deployment, version);
    if (active > replicas) deleteSurplus(context, deployment, version, active - replicas);
  }
}

function deleteSurplus(context: PlatformContext, deployment: number, version: number, count: number): void {
  const { control, platform } = context;
  const pods = control.deployments[deployment]!.pods.map((slot) => platform.pods[slot]!).filter(
    (pod) => pod.version === version && isActive(pod),
  );
  const neighbours = new Map<number, number>();
  for (const { node } of pods) neighbours.set(node, (neighbours.get(node) ?? 0) + 1);
  pods.sort((a, b) => comparePods(a, b, neighbours));
  for (const pod of pods.slice(0, count)) deletePod(context, pod);
}

/**
 * Which pod goes first: without a node, pending, not ready, with more siblings on its node, ready for a shorter time
 * (on a logarithmic scale of time ranks equal; here the later one), restarted more often, younger.
 * Source: kubernetes pkg/controller/controller_utils.go, ActivePodsWithRanks.
 */
function comparePods(a: Pod, b: Pod, neighbours: ReadonlyMap<number, number>): number {
  return (
    Number(a.node >= 0) - Number(b.node >= 0) ||
    Number(a.phase === 'Running') - Number(b.phase === 'Running') ||
    Number(a.ready) - Number(b.ready) ||
    neighbours.get(b.node)! - neighbours.get(a.node)! ||
    b.readySince - a.readySince ||
    b.restarts - a.restarts ||
    b.createdAt - a.createdAt ||
    b.slot - a.slot
  );
}
