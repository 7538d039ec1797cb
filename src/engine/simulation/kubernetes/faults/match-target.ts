import type { FaultKind, FaultTarget } from '../../../scenario/fault.types.js';
import type { Fleet } from '../../model/fleet.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';

/** Kinds by which nodes vanish. */
export function isLoss(kind: FaultKind): boolean {
  return kind === 'node-loss' || kind === 'zone-loss' || kind === 'region-loss' || kind === 'cloud-loss';
}

/** Whether a place is within those that a target names; what it leaves open matches. `zone` -1: not known. */
export function placeMatches(
  fleet: Fleet,
  target: FaultTarget,
  { region, zone }: { readonly region: number; readonly zone: number },
): boolean {
  const { cloud, name } = fleet.regions[region]!;
  if (target.region !== undefined && target.region !== name) return false;
  if (target.cloud !== undefined && target.cloud !== cloud) return false;
  return target.zone === undefined || (zone >= 0 && fleet.zones[zone]!.name === target.zone);
}

/** A node by its name or by its pool's. */
export function nodeMatches({ fleet }: PlatformContext, target: FaultTarget, node: Node): boolean {
  const { pools, region, spec } = fleet.clusters[node.cluster]!;
  if (target.cluster !== undefined && target.cluster !== spec.name) return false;
  if (target.node !== undefined && target.node !== node.name && target.node !== pools[node.pool]!.name) return false;
  return placeMatches(fleet, target, { region, zone: node.zone });
}

export function podMatches(context: PlatformContext, target: FaultTarget, pod: Pod): boolean {
  const { fleet, platform } = context;
  const { cluster, name } = fleet.deployments[pod.deployment]!;
  if (target.service !== undefined && target.service !== name) return false;
  if (target.cluster !== undefined && target.cluster !== fleet.clusters[cluster]!.spec.name) return false;
  const version = platform.deployments[pod.deployment]!.versions[pod.version]!.name;
  if (target.version !== undefined && target.version !== version) return false;
  const node = pod.node < 0 ? null : platform.nodes[pod.node]!;
  if (node) return nodeMatches(context, target, node);
  const { region } = fleet.clusters[cluster]!;
  return target.node === undefined && placeMatches(fleet, target, { region, zone: -1 });
}
