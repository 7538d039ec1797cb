import type { ActiveFault } from '../../timeline/active-fault.types.js';
import type { FaultMemory } from '../control-state.types.js';
import { cordonNode, uncordonNode } from '../nodes/drain.js';
import { loseNode, restoreNode } from '../nodes/node-loss.js';
import { clearDisk } from '../nodes/disk-pressure.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node } from '../platform-state.types.js';
import { choose } from './choose.js';
import { isLoss, nodeMatches } from './match-target.js';

/** Most of a node that others can take. */
const MAX_STOLEN = 0.99;

/** Kinds that act on nodes. */
export function changesNodes({ kind, target }: ActiveFault): boolean {
  if (kind === 'disk-full') return target.store === undefined;
  return isLoss(kind) || kind === 'node-drain' || kind === 'noisy-neighbour' || kind === 'clock-skew';
}

/** The nodes that a fault takes hold of when it begins: those that match then, or a share of them. */
export function chooseNodes(context: PlatformContext, fault: ActiveFault): Record<string, true> {
  const { control, plan, platform } = context;
  const { service, share } = fault.target;
  const hosts = new Set<number>();
  for (const deployment of service === undefined ? [] : (plan.byService.get(service) ?? [])) {
    for (const slot of control.deployments[deployment]!.pods) hosts.add(platform.pods[slot]!.node);
  }
  const names = platform.nodes
    .filter((node) => node !== null)
    .filter((node) => nodeMatches(context, fault.target, node) && (service === undefined || hosts.has(node.slot)))
    .map(({ name }) => name);
  return names.length === 0 ? {} : choose(context, fault.spec.name, share ?? 1, names, {});
}

/** Brings all nodes to what the faults in force make of them. */
export function applyToNodes(context: PlatformContext): void {
  for (const node of context.platform.nodes) if (node) applyToNode(context, node);
}

function applyToNode(context: PlatformContext, node: Node): void {
  const { active, control, fleet } = context;
  const { cpu } = fleet.clusters[node.cluster]!.pools[node.pool]!;
  let lostTo: ActiveFault | null = null;
  let drained = false;
  let filling = false;
  let stolen = 0;
  let offset = 0;
  for (const fault of active) {
    if (!changesNodes(fault) || !holds(control.faults, fault, node)) continue;
    const { kind, settings } = fault;
    if (isLoss(kind)) lostTo = fault;
    else if (kind === 'node-drain') drained = true;
    else if (kind === 'disk-full') filling = true;
    else if (kind === 'noisy-neighbour') stolen += settings['ratio'] ?? 0;
    else if (kind === 'clock-skew') offset += settings['offset'] ?? 0;
  }
  const memory = control.nodes[node.slot]!;
  setPressure(context, node, Math.min(MAX_STOLEN, stolen) * cpu, offset);
  if (lostTo && memory.lostAt < 0) loseNode(context, node, lostTo.settings['eviction'] ?? 300);
  if (!lostTo && memory.lostAt >= 0) restoreNode(context, node);
  if (drained && !memory.draining) cordonNode(context, node);
  if (!drained && memory.draining && !memory.removing) uncordonNode(context, node);
  if (!filling) clearDisk(context, node);
}

function setPressure({ control, platform }: PlatformContext, node: Node, stolen: number, offset: number): void {
  if (node.stolenCpu === stolen && node.clockOffset === offset) return;
  // Pods fail by a clock that is far off, so theirs are looked at again.
  if (node.clockOffset !== offset) for (const each of control.deployments) each.needsEffects = true;
  if (node.stolenCpu !== stolen) control.contended = true;
  node.stolenCpu = stolen;
  node.clockOffset = offset;
  platform.generation += 1;
}

function holds(memories: readonly FaultMemory[], { spec }: ActiveFault, node: Node): boolean {
  return memories.find(({ name }) => name === spec.name)?.nodes[node.name] === true;
}
