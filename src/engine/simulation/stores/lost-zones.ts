import type { Fleet } from '../model/fleet.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';

/** Marks the zones that a lost zone, region or cloud takes away, in a byte per zone. */
export function markLostZones(
  { zones, regions, clusters }: Fleet,
  active: readonly ActiveFault[],
  lost: Uint8Array,
): void {
  lost.fill(0);
  for (const { kind, target } of active) {
    if (kind !== 'zone-loss' && kind !== 'region-loss' && kind !== 'cloud-loss') continue;
    for (const zone of zones) {
      const region = regions[zone.region]!;
      const cluster = clusters.find(({ spec }) => spec.name === target.cluster);
      if (
        (target.zone === undefined || target.zone === zone.name) &&
        (target.region === undefined || target.region === region.name) &&
        (target.cloud === undefined || target.cloud === region.cloud) &&
        (target.cluster === undefined || cluster?.region === zone.region)
      ) {
        lost[zone.index] = 1;
      }
    }
  }
}

/** First of these zones that is not lost, or -1. */
export function healthyZone(zones: readonly number[], lost: Uint8Array): number {
  for (const zone of zones) if (lost[zone] === 0) return zone;
  return -1;
}
