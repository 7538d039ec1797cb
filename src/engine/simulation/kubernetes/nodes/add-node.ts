import { isLostZone } from '../faults/lost-zone.js';
import { emitNode } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node } from '../platform-state.types.js';

/** Share of a node's disk that system and images take. */
const DISK_BASE = 0.3;

/**
 * A node of a pool, Ready `delay` seconds from now, in the pool's zone that has the fewest (the cluster autoscaler's
 * `--balance-similar-node-groups`). Its name counts up within the pool: `eu-1-general-3`.
 */
export function addNode(context: PlatformContext, cluster: number, pool: number, delay: number): Node {
  const { control, fleet, platform, step } = context;
  const { spec, pools } = fleet.clusters[cluster]!;
  const poolSpec = pools[pool]!;
  const memory = control.clusters[cluster]!;
  const ordinal = memory.ordinals[pool]!++;
  const slot = control.freeNodes.pop() ?? platform.nodes.length;
  const node: Node = {
    slot,
    name: `${spec.name}-${poolSpec.name}-${ordinal}`,
    cluster,
    pool,
    zone: zoneWithFewest(context, cluster, pool),
    ready: delay === 0,
    unschedulable: false,
    createdAt: step,
    readyAt: step + Math.ceil(delay),
    requestedCpu: 0,
    requestedMemory: 0,
    stolenCpu: 0,
    usedCpu: 0,
    diskUsed: DISK_BASE * poolSpec.disk,
    diskPressure: false,
    clockOffset: 0,
  };
  platform.nodes[slot] = node;
  control.nodes[slot] = {
    images: {},
    pods: 0,
    constrained: false,
    limits: 0,
    lostAt: -1,
    eviction: 0,
    evicted: false,
    draining: false,
    removing: false,
    unneededSince: -1,
    diskBase: DISK_BASE * poolSpec.disk,
    nextEviction: 0,
  };
  if (delay > 0) control.nextNodeDue = Math.min(control.nextNodeDue, node.readyAt);
  platform.generation += 1;
  return node;
}

/** Makes a node that has started, or is back, Ready. */
export function markReady(context: PlatformContext, node: Node): void {
  node.ready = true;
  context.control.schedulable = true;
  context.platform.generation += 1;
  emitNode(context, 'Normal', 'NodeReady', node, `Node ${node.name} status is now: NodeReady`);
}

/** Takes a node without pods away. */
export function removeNode({ control, platform }: PlatformContext, node: Node): void {
  // Pods that failed on it are still listed.
  for (const pod of platform.pods) if (pod?.node === node.slot) pod.node = -1;
  platform.nodes[node.slot] = null;
  control.nodes[node.slot] = null;
  control.freeNodes.push(node.slot);
  platform.generation += 1;
}

export function poolSize({ platform }: PlatformContext, cluster: number, pool: number): number {
  let size = 0;
  for (const node of platform.nodes) if (node?.cluster === cluster && node.pool === pool) size += 1;
  return size;
}

/** -1: all zones of the pool are lost. */
export function zoneWithFewest({ active, fleet, platform }: PlatformContext, cluster: number, pool: number): number {
  const { region, pools } = fleet.clusters[cluster]!;
  let best = -1;
  let fewest = Infinity;
  for (const name of pools[pool]!.zones) {
    const zone = fleet.zones.findIndex((each) => each.name === name && each.region === region);
    if (isLostZone(fleet, active, zone)) continue;
    let count = 0;
    for (const node of platform.nodes) {
      if (node?.cluster === cluster && node.pool === pool && node.zone === zone) count += 1;
    }
    if (count < fewest) [best, fewest] = [zone, count];
  }
  return best;
}
