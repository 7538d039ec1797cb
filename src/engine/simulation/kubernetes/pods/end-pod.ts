import { emit, emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { replicaSetName } from '../rollout/replica-set-name.js';
import { drainSeconds } from './drain-time.js';
import { leaveCell, setReady, setStage } from './stage.js';

/**
 * Deletes a pod with grace: no new requests from now on, and the process ends when those in it are answered, at the
 * latest after the grace period. Where the node is lost, nobody answers and the pod stays Terminating.
 */
export function deletePod(context: PlatformContext, pod: Pod): void {
  if (pod.deletedAt >= 0) return;
  const { control, fleet, platform, step } = context;
  const { name, spec } = fleet.deployments[pod.deployment]!;
  const memory = control.pods[pod.slot]!;
  announceDeletion(context, pod);
  if (pod.node < 0 || memory.stage === 'failed') {
    removePod(context, pod);
    return;
  }
  const drain = memory.stage === 'running' ? drainSeconds(context, pod, spec.terminationGrace) : 0;
  leaveCell(context, pod, false);
  pod.deletedAt = step;
  setReady(context, pod, false);
  control.deployments[pod.deployment]!.needsSync = true;
  platform.generation += 1;
  if (memory.stage === 'lost') return;
  if (memory.stage !== 'back-off' && memory.stage !== 'pull-failed')
    emitPod(context, 'Normal', 'Killing', pod, `Stopping container ${name}`);
  setStage(context, pod, 'terminating', step + Math.max(1, drain));
}

/** Deletes a pod without grace: what is in it fails. */
export function killPod(context: PlatformContext, pod: Pod): void {
  const { name } = context.fleet.deployments[pod.deployment]!;
  emitPod(context, 'Normal', 'Killing', pod, `Stopping container ${name}`);
  leaveCell(context, pod, true);
  removePod(context, pod);
}

/** The object goes, its node's share is free. */
export function removePod(context: PlatformContext, pod: Pod): void {
  const { control, platform } = context;
  leaveCell(context, pod, true);
  releaseNode(context, pod);
  const deployment = control.deployments[pod.deployment]!;
  deployment.pods.splice(deployment.pods.indexOf(pod.slot), 1);
  deployment.needsSync = true;
  const waiting = control.pending.indexOf(pod.slot);
  if (waiting >= 0) control.pending.splice(waiting, 1);
  platform.pods[pod.slot] = null;
  control.pods[pod.slot] = null;
  control.freePods.push(pod.slot);
  platform.generation += 1;
}

/** What a pod reserved on its node is free for others. The pod keeps the node's slot for those who ask where it was. */
export function releaseNode({ control, fleet, platform }: PlatformContext, pod: Pod): void {
  const memory = control.pods[pod.slot]!;
  const node = pod.node < 0 ? null : platform.nodes[pod.node];
  control.schedulable = true;
  if (!node || memory.stage === 'failed') return;
  const { resources } = fleet.deployments[pod.deployment]!.spec;
  const home = control.nodes[pod.node]!;
  home.pods -= 1;
  const limit = Math.min(resources.cpuLimit, fleet.clusters[node.cluster]!.pools[node.pool]!.cpu);
  home.limits = home.pods === 0 ? 0 : home.limits - limit;
  node.requestedCpu = home.pods === 0 ? 0 : node.requestedCpu - resources.cpuRequest;
  node.requestedMemory = home.pods === 0 ? 0 : node.requestedMemory - resources.memoryRequest;
}

function announceDeletion(context: PlatformContext, pod: Pod): void {
  const { cluster } = context.fleet.deployments[pod.deployment]!;
  const object = { kind: 'ReplicaSet', name: replicaSetName(context, pod.deployment, pod.version) } as const;
  emit(context, 'Normal', 'SuccessfulDelete', object, cluster, `Deleted pod: ${pod.name}`);
}
