import { emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { bindPod } from '../pods/start-pod.js';
import { chooseNode } from './choose-node.js';
import { refusalsOf } from './fits.js';

/** Gives nodes to the pods that wait for one, oldest first. Does nothing while nothing changed. */
export function schedulePending(context: PlatformContext): void {
  const { control, platform } = context;
  if (!control.schedulable) return;
  control.schedulable = false;
  if (control.pending.length === 0) return;
  // Pods of a deployment are alike: where one is refused, the next is too.
  const refused = new Map<number, string>();
  let left = 0;
  for (const slot of control.pending) {
    const pod = platform.pods[slot]!;
    const known = refused.get(pod.deployment);
    const node = known === undefined ? chooseNode(context, pod.deployment) : null;
    if (node) {
      pod.unschedulable = null;
      bindPod(context, pod, node);
      continue;
    }
    const message = known ?? refusalText(context, pod.deployment);
    refused.set(pod.deployment, message);
    refuse(context, pod, message);
    control.pending[left++] = slot;
  }
  control.pending.length = left;
}

function refuse(context: PlatformContext, pod: Pod, message: string): void {
  if (pod.unschedulable === message) return;
  pod.unschedulable = message;
  context.platform.generation += 1;
  const count = /^0\/(\d+)/.exec(message)?.[1];
  const preemption = `preemption: 0/${count} nodes are available: ${count} No preemption victims found for incoming pod.`;
  emitPod(context, 'Warning', 'FailedScheduling', pod, count ? `${message} ${preemption}` : message);
}

/** "0/6 nodes are available: 6 Insufficient cpu." Source: kubernetes framework/types.go, FitError. */
export function refusalText(context: PlatformContext, deployment: number): string {
  const { fleet, platform, step } = context;
  const { cluster, spec } = fleet.deployments[deployment]!;
  const counts = new Map<string, number>();
  let nodes = 0;
  for (const node of platform.nodes) {
    // A node that is still starting has not joined.
    if (node?.cluster !== cluster || node.readyAt > step) continue;
    nodes += 1;
    for (const reason of refusalsOf(context, node, spec.resources)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (nodes === 0) return 'no nodes available to schedule pods';
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${reasons.join(', ')}.`;
}
