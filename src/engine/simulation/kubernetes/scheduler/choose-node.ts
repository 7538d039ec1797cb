import type { ResourcesSpec } from '../../../scenario/component.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node } from '../platform-state.types.js';
import { fits } from './fits.js';

/** Weights of the scheduler's plugins. Source: kubernetes pkg/scheduler/apis/config/v1/default_plugins.go. */
const TOPOLOGY_WEIGHT = 2;
const ALLOCATION_WEIGHT = 1;

/**
 * The node for the next pod of a deployment, or null: of those where its requests fit, the one with the best sum of
 * NodeResourcesFit (least allocated) and PodTopologySpread over zones and nodes with the default constraints.
 * Source: kubernetes pkg/scheduler/framework/plugins/{noderesources/least_allocated,podtopologyspread/scoring}.go.
 * Left out: the `maxSkew - 1` that waters differences of the spread down, and NodeResourcesBalancedAllocation.
 * Equal scores: the node that exists longest, where the real scheduler draws lots.
 */
export function chooseNode(context: PlatformContext, deployment: number, exclude = -1): Node | null {
  const { fleet, platform } = context;
  const { cluster, spec } = fleet.deployments[deployment]!;
  const candidates: Node[] = [];
  for (const node of platform.nodes) {
    if (node?.cluster === cluster && node.slot !== exclude && fits(context, node, spec.resources))
      candidates.push(node);
  }
  if (candidates.length < 2) return candidates[0] ?? null;
  const spread = spreadScores(context, deployment, candidates);
  let best = candidates[0]!;
  let highest = -Infinity;
  for (const [i, node] of candidates.entries()) {
    const score = TOPOLOGY_WEIGHT * spread[i]! + ALLOCATION_WEIGHT * leastAllocated(context, node, spec.resources);
    if (score > highest + 1e-9) [best, highest] = [node, score];
  }
  return best;
}

/** 0 to 100: the mean share of CPU and memory that stays free. */
function leastAllocated({ fleet }: PlatformContext, node: Node, resources: ResourcesSpec): number {
  const { cpu, memory } = fleet.clusters[node.cluster]!.pools[node.pool]!;
  const freeCpu = (cpu - node.requestedCpu - resources.cpuRequest) / cpu;
  const freeMemory = (memory - node.requestedMemory - resources.memoryRequest) / memory;
  return 50 * (freeCpu + freeMemory);
}

/** 0 to 100: fewer pods of the deployment in the zone and on the node are better. */
function spreadScores(
  { control, fleet, platform }: PlatformContext,
  deployment: number,
  candidates: readonly Node[],
): Float64Array {
  const onNode = new Float64Array(platform.nodes.length);
  const inZone = new Float64Array(fleet.zones.length);
  for (const slot of control.deployments[deployment]!.pods) {
    const pod = platform.pods[slot]!;
    if (pod.node < 0 || pod.deletedAt >= 0 || pod.phase === 'Failed') continue;
    onNode[pod.node]! += 1;
    inZone[platform.nodes[pod.node]!.zone]! += 1;
  }
  const zones = new Set(candidates.map(({ zone }) => zone)).size;
  const zoneWeight = Math.log(zones + 2);
  const nodeWeight = Math.log(candidates.length + 2);
  const raw = Float64Array.from(
    candidates,
    ({ slot, zone }) => inZone[zone]! * zoneWeight + onNode[slot]! * nodeWeight,
  );
  let least = Infinity;
  let most = 0;
  for (const value of raw) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return raw.map((value) => (most === 0 ? 100 : (100 * (most + least - value)) / most));
}
