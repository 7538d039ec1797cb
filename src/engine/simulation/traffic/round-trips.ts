import type { NetworkLatencySpec } from '../../scenario/platform.types.js';
import type { Fleet } from '../model/fleet.types.js';

/** Round trips between zones, seconds: row x zones + column. */
export function roundTrips({ zones, regions, scenario }: Fleet): Float64Array {
  const { latency } = scenario.platform;
  return Float64Array.from(
    zones.flatMap((from) =>
      zones.map((to) => {
        if (from.index === to.index) return latency.sameZone;
        return roundTripBetween(latency, regions[from.region]!.name, regions[to.region]!.name);
      }),
    ),
  );
}

/** Between regions by name (within one: between its zones); null: a place nobody named. */
export function roundTripBetween(latency: NetworkLatencySpec, from: string, to: string | null): number {
  if (from === to) return latency.sameRegion;
  const pair = latency.pairs.find(({ a, b }) => (a === from && b === to) || (a === to && b === from));
  return pair?.roundTrip ?? latency.betweenRegions;
}
