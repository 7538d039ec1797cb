import type { FaultTarget } from '../../scenario/fault.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { Member } from './placement.js';

type Place = Omit<FaultTarget, 'to' | 'share'>;

/** Whether a pod or instance is in the place that a target names; what it leaves out does not matter. */
export function isIn(fleet: Fleet, member: Member, place: Place): boolean {
  const component = fleet.components[fleet.roles[member.station]!.component]!;
  const zone = fleet.zones[member.zone];
  const region = regionOf(fleet, member);
  return (
    (place.service === undefined || (component.kind === 'service' && component.name === place.service)) &&
    (place.store === undefined || (component.kind === 'store' && component.name === place.store)) &&
    (place.version === undefined || member.version === place.version) &&
    (place.cluster === undefined || fleet.clusters[member.cluster]?.spec.name === place.cluster) &&
    (place.zone === undefined || zone?.name === place.zone) &&
    (place.region === undefined || region?.name === place.region) &&
    (place.cloud === undefined || region?.cloud === place.cloud) &&
    (place.node === undefined || member.node === place.node)
  );
}

function regionOf({ zones, clusters, regions }: Fleet, { zone, cluster }: Member) {
  return regions[zones[zone]?.region ?? clusters[cluster]?.region ?? -1];
}

/** By station: share of its members for which something holds. */
export function shareByStation(
  fleet: Fleet,
  members: readonly Member[],
  holds: (member: Member) => boolean,
): Float64Array {
  const matching = new Float64Array(fleet.network.stations.length);
  const total = new Float64Array(fleet.network.stations.length);
  for (const member of members) {
    total[member.station]!++;
    if (holds(member)) matching[member.station]!++;
  }
  return matching.map((count, station) => (count === 0 ? 0 : count / total[station]!));
}
