import type { CacheSpec } from '../../../scenario/component.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { CACHE_COLUMNS } from '../telemetry-state.js';
import type { ScrapeContext } from './scrape-context.js';
import { ROUNDING } from './whole-shares.js';

/** Bytes that an empty Redis takes. */
const EMPTY_BYTES = 1_000_000;

/** redis_exporter. A cache that is down has nothing but `up` 1 and `redis_up` 0; one that was replaced counts from 0. */
export function scrapeCache(context: ScrapeContext, component: number, spec: CacheSpec): void {
  const { fleet, state, telemetry, totals } = context;
  const { flows, parameters, stores } = state;
  const cache = stores.caches[component]!;
  const base = telemetry.stores[component]![0]!;
  const cell = fleet.components[component]!.stations[0]! * CELLS_PER_STATION;
  const keys = Math.round(cache.warmth * spec.keys);
  const counted = sinceStart(context, component, [cache.hits, cache.misses, cache.evicted, flows.cpuSeconds[cell]!]);
  const hits = Math.floor(counted[0]! + ROUNDING);
  const misses = Math.floor(counted[1]! + ROUNDING);
  totals[base] = 1;
  totals[base + 1] = parameters.cells.servers[cell]! > 0 ? 1 : 0;
  totals[base + 2] = clientsOf(context, component);
  totals[base + 3] = Math.min(spec.memory, EMPTY_BYTES + keys * spec.bytesPerKey);
  totals[base + 4] = spec.memory;
  totals[base + 5] = hits;
  totals[base + 6] = misses;
  totals[base + 7] = Math.floor(counted[2]! + ROUNDING);
  // What was missing is fetched and set.
  totals[base + 8] = hits + 2 * misses;
  totals[base + 9] = keys;
  totals[base + 10] = counted[3]!;
}

export function blankCache(values: Float64Array, base: number): void {
  if (values[base + 1] === 0) values.fill(NaN, base + 2, base + 11);
}

/** Counters of the run as those of the instance that answers now. */
function sinceStart({ fleet, state, telemetry }: ScrapeContext, component: number, counters: readonly number[]) {
  telemetry.issued.caches ??= new Float64Array(fleet.components.length * CACHE_COLUMNS);
  const { caches } = telemetry.issued;
  const at = component * CACHE_COLUMNS;
  const { upAt } = state.stores.caches[component]!.instance;
  if (caches[at] !== upAt) caches.set([upAt, ...counters], at);
  return counters.map((value, i) => value - caches[at + 1 + i]!);
}

/** One multiplexed connection of each pod that calls, or what their pools hold. */
function clientsOf({ fleet, state, layout }: ScrapeContext, component: number): number {
  const { servers } = state.parameters.cells;
  let clients = 0;
  for (const { index, station } of fleet.deployments) {
    const link = layout.deployments[index]!.application.links.find((each) => each.component === component);
    if (link === undefined) continue;
    let pods = 0;
    for (let i = 0; i < CELLS_PER_STATION; i++) pods += servers[station * CELLS_PER_STATION + i]!;
    let pooled = 0;
    for (const edge of link.edges) pooled += state.flows.poolInUse[edge]!;
    clients += Math.max(pods, Math.round(pooled));
  }
  return clients;
}
