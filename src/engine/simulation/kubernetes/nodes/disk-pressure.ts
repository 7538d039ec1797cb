import { emitNode, emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';
import { releaseNode } from '../pods/end-pod.js';
import { leaveCell, setReady, setStage } from '../pods/stage.js';

/** Share of the disk above which the kubelet evicts: `nodefs.available<15%` (imagefs and nodefs are one here). */
const PRESSURE = 0.85;
/** Seconds between evictions: the kubelet's housekeeping. */
const EVICTION_INTERVAL = 10;
/** Seconds that an evicted pod is still listed. */
const FAILED_KEPT = 60;

/** Fills the disks of nodes that a fault has hold of, and lets the kubelet evict where they are too full. */
export function fillDisks(context: PlatformContext): void {
  const { active, control, fleet, platform } = context;
  for (const fault of active) {
    const memory = control.faults.find(({ name }) => name === fault.spec.name);
    if (fault.kind !== 'disk-full' || !memory) continue;
    for (const node of platform.nodes) {
      if (!node || !memory.nodes[node.name]) continue;
      const { disk } = fleet.clusters[node.cluster]!.pools[node.pool]!;
      node.diskUsed = Math.min(disk, node.diskUsed + (fault.settings['rate'] ?? 0));
      if (node.diskUsed >= PRESSURE * disk && control.nodes[node.slot]!.lostAt < 0) relieve(context, node);
    }
  }
}

/** The disk is as before, the node takes pods again. */
export function clearDisk({ control, platform }: PlatformContext, node: Node): void {
  const { diskBase } = control.nodes[node.slot]!;
  if (node.diskUsed === diskBase && !node.diskPressure) return;
  node.diskUsed = diskBase;
  node.diskPressure = false;
  control.schedulable = true;
  platform.generation += 1;
}

function relieve(context: PlatformContext, node: Node): void {
  const { control, platform, step } = context;
  const memory = control.nodes[node.slot]!;
  if (!node.diskPressure) {
    node.diskPressure = true;
    platform.generation += 1;
    const message = `Node ${node.name} status is now: NodeHasDiskPressure`;
    emitNode(context, 'Normal', 'NodeHasDiskPressure', node, message);
  }
  if (step < memory.nextEviction) return;
  const pod = platform.pods.find(
    (each) => each?.node === node.slot && each.deletedAt < 0 && control.pods[each.slot]!.stage !== 'failed',
  );
  if (!pod) return;
  memory.nextEviction = step + EVICTION_INTERVAL;
  evict(context, pod);
}

/** The pod fails and stays listed; its replica set makes another one. */
function evict(context: PlatformContext, pod: Pod): void {
  const message = 'The node was low on resource: ephemeral-storage.';
  emitPod(context, 'Warning', 'Evicted', pod, message);
  leaveCell(context, pod, true);
  setReady(context, pod, false);
  releaseNode(context, pod);
  pod.phase = 'Failed';
  pod.waiting = null;
  setStage(context, pod, 'failed', context.step + FAILED_KEPT);
  context.control.deployments[pod.deployment]!.needsSync = true;
  context.platform.generation += 1;
}
