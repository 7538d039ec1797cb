import type { ClusterAutoscalerSpec } from '../../../scenario/platform.types.js';
import { emitNode } from '../events.js';
import { poolSize, removeNode } from '../nodes/add-node.js';
import { cordonNode } from '../nodes/drain.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';
import { Room } from './room.js';

/** `--max-empty-bulk-delete`: nodes without pods that may go at once; of the others one goes at a time. */
const MAX_EMPTY = 10;

/**
 * Takes nodes away that were not needed for long enough: little of them is requested and their pods fit elsewhere.
 * Source: cluster-autoscaler FAQ, "How does scale-down work?".
 */
export function scaleDownNodes(context: PlatformContext, cluster: number, spec: ClusterAutoscalerSpec): void {
  const { control, platform, step } = context;
  const settled = platform.nodes.filter((node) => node?.cluster === cluster && isSettled(context, node)) as Node[];
  for (const node of settled) {
    const memory = control.nodes[node.slot]!;
    const unneeded = utilization(context, node) < spec.scaleDownUtilization && canMove(context, node, settled);
    if (!unneeded) memory.unneededSince = -1;
    else if (memory.unneededSince < 0) memory.unneededSince = step;
  }
  if (step - control.clusters[cluster]!.lastScaleUp < spec.scaleDownDelayAfterAdd) return;
  const due = settled.filter(({ slot }) => {
    const { unneededSince } = control.nodes[slot]!;
    return unneededSince >= 0 && step - unneededSince >= spec.scaleDownUnneeded;
  });
  const empty = due.filter(({ slot }) => control.nodes[slot]!.pods === 0);
  for (const node of empty.slice(0, MAX_EMPTY)) if (canSpare(context, node)) takeAway(context, node);
  if (platform.nodes.some((node) => node?.cluster === cluster && control.nodes[node.slot]!.removing)) return;
  // What has just gone cannot take pods in.
  const left = settled.filter((node) => platform.nodes[node.slot] === node);
  const next = due.find((node) => left.includes(node) && canSpare(context, node) && canMove(context, node, left));
  if (next) takeAway(context, next);
}

/** Whether the pool stays above its minimum without the node. */
function canSpare(context: PlatformContext, { cluster, pool }: Node): boolean {
  const { min } = context.fleet.clusters[cluster]!.pools[pool]!;
  return poolSize(context, cluster, pool) - removingOf(context, cluster, pool) > min;
}

function removingOf({ control, platform }: PlatformContext, cluster: number, pool: number): number {
  return platform.nodes.filter(
    (node) => node?.cluster === cluster && node.pool === pool && control.nodes[node.slot]!.removing,
  ).length;
}

function takeAway(context: PlatformContext, node: Node): void {
  const memory = context.control.nodes[node.slot]!;
  emitNode(context, 'Normal', 'ScaleDown', node, 'marked the node as toBeDeleted/unschedulable');
  memory.removing = true;
  if (memory.pods === 0) removeNode(context, node);
  else cordonNode(context, node);
}

function isSettled({ control }: PlatformContext, node: Node): boolean {
  const { draining, lostAt, removing } = control.nodes[node.slot]!;
  return node.ready && !draining && !removing && lostAt < 0;
}

/** The larger of the shares of CPU and memory that are requested. */
function utilization({ fleet }: PlatformContext, node: Node): number {
  const { cpu, memory } = fleet.clusters[node.cluster]!.pools[node.pool]!;
  return Math.max(node.requestedCpu / cpu, node.requestedMemory / memory);
}

/** Whether all pods of a node fit on the others, first fit. */
function canMove({ control, fleet, platform }: PlatformContext, node: Node, others: readonly Node[]): boolean {
  if (control.nodes[node.slot]!.pods === 0) return true;
  const rooms = others.flatMap((other) => {
    if (other === node || other.diskPressure || control.nodes[other.slot]!.removing) return [];
    const { cpu, memory } = fleet.clusters[other.cluster]!.pools[other.pool]!;
    const { pods } = control.nodes[other.slot]!;
    return [new Room(cpu - other.requestedCpu, memory - other.requestedMemory, pods)];
  });
  const pods = platform.pods.filter((pod) => pod?.node === node.slot && pod.deletedAt < 0) as Pod[];
  return pods.every((pod) => {
    const { resources } = fleet.deployments[pod.deployment]!.spec;
    const room = rooms.find((each) => each.fits(resources));
    room?.take(resources);
    return room !== undefined;
  });
}
