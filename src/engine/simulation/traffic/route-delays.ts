import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { eachInstance } from './placement.js';
import { roundTripBetween } from './round-trips.js';
import { trafficPlanOf } from './traffic-plan.js';

/**
 * Writes the mean round trip of every route: each ready pod of the caller calls each instance of the callee alike, so
 * that the mean goes over all pairs of their zones. Users stand at the door: their round trip is 0.
 */
export function writeRouteDelays(fleet: Fleet, state: SimulationState): void {
  const { callers, callees, roundTrips } = trafficPlanOf(fleet);
  const { routeDelay } = state.parameters;
  const count = fleet.zones.length;
  const shares = zoneShares(fleet, state);
  for (let route = 0; route < routeDelay.length; route++) {
    const caller = callers[route]!;
    const callee = callees[route]!;
    let delay = 0;
    if (caller >= 0 && isNowhere(fleet, callee)) delay = delayToExternal(fleet, shares, caller, callee);
    else if (caller >= 0) {
      for (let from = 0; from < count; from++) {
        const share = shares[caller * count + from]!;
        if (share === 0) continue;
        for (let to = 0; to < count; to++) {
          delay += share * shares[callee * count + to]! * roundTrips[from * count + to]!;
        }
      }
    }
    routeDelay[route] = delay;
  }
}

/** Share of a station's ready pods or instances by zone: station x zones + zone. All 0 where there are none. */
function zoneShares(fleet: Fleet, state: SimulationState): Float64Array {
  const count = fleet.zones.length;
  const shares = new Float64Array(fleet.network.stations.length * count);
  eachInstance(fleet, state, (station, zone) => {
    if (zone >= 0) shares[station * count + zone]!++;
  });
  for (let first = 0; first < shares.length; first += count) {
    let total = 0;
    for (let i = first; i < first + count; i++) total += shares[i]!;
    if (total > 0) for (let i = first; i < first + count; i++) shares[i]! /= total;
  }
  return shares;
}

/** An external service that stands outside all regions of the scenario. */
function isNowhere({ roles, components, regions }: Fleet, station: number): boolean {
  const role = roles[station]!;
  if (role.kind !== 'external') return false;
  const { spec } = components[role.component]!;
  return !('region' in spec) || !regions.some(({ name }) => name === spec.region);
}

function delayToExternal(
  { zones, regions, roles, components, scenario }: Fleet,
  shares: Float64Array,
  caller: number,
  callee: number,
): number {
  const { spec } = components[roles[callee]!.component]!;
  const place = 'region' in spec ? spec.region : null;
  let delay = 0;
  for (const { index, region } of zones) {
    const share = shares[caller * zones.length + index]!;
    if (share > 0) delay += share * roundTripBetween(scenario.platform.latency, regions[region]!.name, place);
  }
  return delay;
}
