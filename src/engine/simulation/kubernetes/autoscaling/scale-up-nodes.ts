import type { NodePoolSpec } from '../../../scenario/platform.types.js';
import { emitPod } from '../events.js';
import { addNode, poolSize, zoneWithFewest } from '../nodes/add-node.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { Room } from './room.js';

interface Option {
  readonly pool: number;
  readonly nodes: number;
  readonly helped: readonly Pod[];
  /** Share of CPU and memory of the new nodes that would stay unused. */
  readonly waste: number;
}

/**
 * Makes nodes for pods that the scheduler refused, of the pool that would waste least (`--expander=least-waste`), unless
 * nodes that are starting have room for them. Whether there was anything to do.
 */
export function scaleUpNodes(context: PlatformContext, cluster: number): boolean {
  const { control, fleet, platform } = context;
  const waiting = control.pending
    .map((slot) => platform.pods[slot]!)
    .filter((pod) => pod.unschedulable !== null && fleet.deployments[pod.deployment]!.cluster === cluster);
  if (waiting.length === 0) return false;
  const homeless = withoutRoom(context, waiting, upcomingRoom(context, cluster));
  if (homeless.length === 0) return true;
  const options = fleet.clusters[cluster]!.pools.flatMap((spec, pool) =>
    optionOf(context, cluster, pool, spec, homeless),
  );
  const best = options.reduce<Option | null>(
    (least, each) => (least && least.waste <= each.waste ? least : each),
    null,
  );
  if (!best) {
    for (const pod of homeless) giveUp(context, pod);
    return true;
  }
  expand(context, cluster, best);
  return true;
}

function expand(context: PlatformContext, cluster: number, { helped, nodes, pool }: Option): void {
  const { control, fleet, step } = context;
  const { max, name, startup } = fleet.clusters[cluster]!.pools[pool]!;
  const before = poolSize(context, cluster, pool);
  for (let i = 0; i < nodes; i++) addNode(context, cluster, pool, Math.max(1, startup));
  control.clusters[cluster]!.lastScaleUp = step;
  const message = `pod triggered scale-up: [{${name} ${before}->${before + nodes} (max: ${max})}]`;
  for (const pod of helped) emitPod(context, 'Normal', 'TriggeredScaleUp', pod, message);
}

function giveUp(context: PlatformContext, pod: Pod): void {
  const memory = context.control.pods[pod.slot]!;
  if (memory.hopeless) return;
  memory.hopeless = true;
  const { fleet } = context;
  const { cluster, spec } = fleet.deployments[pod.deployment]!;
  const { pools } = fleet.clusters[cluster]!;
  const full = pools.filter(
    ({ cpu, max, memory: bytes }, pool) =>
      cpu >= spec.resources.cpuRequest &&
      bytes >= spec.resources.memoryRequest &&
      poolSize(context, cluster, pool) >= max,
  ).length;
  const reasons = [
    ...(full > 0 ? [`${full} max node group size reached`] : []),
    ...(full < pools.length ? [`${pools.length - full} Insufficient cpu`] : []),
  ];
  emitPod(context, 'Normal', 'NotTriggerScaleUp', pod, `pod didn't trigger scale-up: ${reasons.join(', ')}`);
}

function optionOf(
  context: PlatformContext,
  cluster: number,
  pool: number,
  { cpu, max, memory }: NodePoolSpec,
  pods: readonly Pod[],
): Option[] {
  const free = max - poolSize(context, cluster, pool);
  if (free <= 0 || zoneWithFewest(context, cluster, pool) < 0) return [];
  const rooms: Room[] = [];
  const helped: Pod[] = [];
  let usedCpu = 0;
  let usedMemory = 0;
  for (const pod of pods) {
    const { resources } = context.fleet.deployments[pod.deployment]!.spec;
    let room = rooms.find((each) => each.fits(resources));
    if (!room && rooms.length < free && new Room(cpu, memory).fits(resources)) {
      room = new Room(cpu, memory);
      rooms.push(room);
    }
    if (!room) continue;
    room.take(resources);
    helped.push(pod);
    usedCpu += resources.cpuRequest;
    usedMemory += resources.memoryRequest;
  }
  if (helped.length === 0) return [];
  const waste = 2 - usedCpu / (rooms.length * cpu) - usedMemory / (rooms.length * memory);
  return [{ pool, nodes: rooms.length, helped, waste }];
}

function upcomingRoom({ control, fleet, platform, step }: PlatformContext, cluster: number): Room[] {
  return platform.nodes.flatMap((node) => {
    if (node?.cluster !== cluster || node.ready || node.readyAt <= step || control.nodes[node.slot]!.lostAt >= 0)
      return [];
    const { cpu, memory } = fleet.clusters[cluster]!.pools[node.pool]!;
    return [new Room(cpu, memory)];
  });
}

function withoutRoom({ fleet }: PlatformContext, pods: readonly Pod[], rooms: readonly Room[]): Pod[] {
  return pods.filter((pod) => {
    const { resources } = fleet.deployments[pod.deployment]!.spec;
    const room = rooms.find((each) => each.fits(resources));
    room?.take(resources);
    return !room;
  });
}
