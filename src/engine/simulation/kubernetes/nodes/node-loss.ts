import { emitNode, emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';
import { restartContainer } from '../pods/crash.js';
import { removePod } from '../pods/end-pod.js';
import { leaveCell, setReady, setStage } from '../pods/stage.js';
import { createContainer } from '../pods/start-pod.js';
import { markReady } from './add-node.js';

/** `--node-monitor-grace-period`: seconds without a heartbeat until a node is NotReady. */
export const NODE_MONITOR_GRACE = 40;

/**
 * A node vanishes: what its pods were doing fails at once. Nobody tells callers: until the API server learns of it after
 * the grace period, its pods stay among the endpoints of their services, and what is sent to them gets no answer (see
 * `traffic/endpoints.ts`). The pods are given up `eviction` seconds later and replaced.
 * Source: kubernetes.io, Nodes, "Heartbeats"; Taints and Tolerations, "Taint based Evictions"; Services, "EndpointSlices".
 */
export function loseNode(context: PlatformContext, node: Node, eviction: number): void {
  const { control, platform, step } = context;
  const memory = control.nodes[node.slot]!;
  memory.lostAt = step;
  memory.eviction = eviction;
  memory.evicted = false;
  control.nextNodeDue = Math.min(control.nextNodeDue, step + NODE_MONITOR_GRACE);
  platform.generation += 1;
  for (const pod of podsOn(context, node)) {
    if (pod.cell >= 0) pod.lostAt = step;
    leaveCell(context, pod, true);
    if (control.pods[pod.slot]!.stage !== 'failed') setStage(context, pod, 'lost', Infinity);
  }
}

/** Tells the API server what is known by now about a lost node. */
export function advanceLoss(context: PlatformContext, node: Node): void {
  const { control, fleet, platform, step } = context;
  const memory = control.nodes[node.slot]!;
  const notReadyAt = memory.lostAt + NODE_MONITOR_GRACE;
  if (node.ready && step >= notReadyAt) {
    node.ready = false;
    platform.generation += 1;
    emitNode(context, 'Normal', 'NodeNotReady', node, `Node ${node.name} status is now: NodeNotReady`);
    for (const pod of podsOn(context, node)) {
      if (pod.ready) emitPod(context, 'Warning', 'NodeNotReady', pod, 'Node is not ready');
      setReady(context, pod, false);
    }
  }
  if (memory.evicted || step < notReadyAt + memory.eviction) return;
  memory.evicted = true;
  const { namespace } = fleet.scenario.telemetry;
  for (const pod of podsOn(context, node)) {
    if (pod.deletedAt >= 0) continue;
    emitPod(context, 'Normal', 'TaintManagerEviction', pod, `Marking for deletion Pod ${namespace}/${pod.name}`);
    pod.deletedAt = step;
    setReady(context, pod, false);
    control.deployments[pod.deployment]!.needsSync = true;
    platform.generation += 1;
  }
}

/** When `advanceLoss` has something to do next; Infinity: never. */
export function nextLossStep({ control }: PlatformContext, node: Node): number {
  const { eviction, evicted, lostAt } = control.nodes[node.slot]!;
  if (lostAt < 0 || evicted) return Infinity;
  return node.ready ? lostAt + NODE_MONITOR_GRACE : lostAt + NODE_MONITOR_GRACE + eviction;
}

/** A node is back, after a reboot: pods that were given up go for good, the others' containers start again. */
export function restoreNode(context: PlatformContext, node: Node): void {
  const { control, platform, step } = context;
  const memory = control.nodes[node.slot]!;
  memory.lostAt = -1;
  memory.evicted = false;
  platform.generation += 1;
  if (!node.ready && node.readyAt <= step) markReady(context, node);
  for (const pod of podsOn(context, node)) {
    pod.lostAt = -1;
    if (control.pods[pod.slot]!.stage === 'failed') continue;
    if (pod.deletedAt >= 0) {
      removePod(context, pod);
      continue;
    }
    setReady(context, pod, false);
    if (pod.phase === 'Pending') {
      createContainer(context, pod, node);
      continue;
    }
    pod.lastTermination = 'Error';
    restartContainer(context, pod);
  }
}

function podsOn({ platform }: PlatformContext, node: Node): Pod[] {
  return platform.pods.filter((pod) => pod?.node === node.slot) as Pod[];
}
