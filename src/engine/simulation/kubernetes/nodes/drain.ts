import { emitNode } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';
import { removeNode } from './add-node.js';
import { deletePod } from '../pods/end-pod.js';
import { boundsOf } from '../rollout/bounds.js';
import { statusOf } from '../rollout/replica-sets.js';

/** Seconds between tries of `kubectl drain` while a disruption budget refuses. */
const RETRY_INTERVAL = 5;

/** Takes no new pods, and asks those it has to go. */
export function cordonNode(context: PlatformContext, node: Node): void {
  context.control.nodes[node.slot]!.draining = true;
  node.unschedulable = true;
  context.platform.generation += 1;
  emitNode(context, 'Normal', 'NodeNotSchedulable', node, `Node ${node.name} status is now: NodeNotSchedulable`);
}

export function uncordonNode(context: PlatformContext, node: Node): void {
  context.control.nodes[node.slot]!.draining = false;
  node.unschedulable = false;
  context.control.schedulable = true;
  context.platform.generation += 1;
  emitNode(context, 'Normal', 'NodeSchedulable', node, `Node ${node.name} status is now: NodeSchedulable`);
}

/**
 * Evicts pods of nodes that are being drained, as fast as their budgets allow: of a service as many may be missing as
 * its rolling update tolerates, at least one. What is not ready anyway goes at once.
 */
export function drainNodes(context: PlatformContext): void {
  const { control, platform, step } = context;
  if (step % RETRY_INTERVAL !== 0) return;
  for (const node of platform.nodes) {
    if (!node || !control.nodes[node.slot]!.draining) continue;
    evictFrom(context, node);
    // The cluster autoscaler takes what it has emptied.
    if (control.nodes[node.slot]!.removing && control.nodes[node.slot]!.pods === 0) removeNode(context, node);
  }
}

function evictFrom(context: PlatformContext, node: Node): void {
  const { control, platform } = context;
  const pods = platform.pods.filter((pod) => pod?.node === node.slot) as Pod[];
  for (const pod of pods) {
    if (pod.deletedAt >= 0 || pod.phase === 'Failed') continue;
    if (pod.ready && disruptionsAllowed(context, pod.deployment) <= 0) continue;
    deletePod(context, pod);
    // Its budget counts what is there; the replacement is made within this step.
    control.deployments[pod.deployment]!.needsSync = true;
  }
}

function disruptionsAllowed(context: PlatformContext, deployment: number): number {
  const { fleet, platform } = context;
  const { replicas } = platform.deployments[deployment]!;
  const { maxUnavailable } = boundsOf(fleet.deployments[deployment]!.spec.rollout, replicas);
  const healthy = statusOf(context, deployment).reduce((sum, { available }) => sum + available, 0);
  return healthy - (replicas - Math.max(1, maxUnavailable));
}
