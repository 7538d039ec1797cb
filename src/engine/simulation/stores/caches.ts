import type { NetworkParameters } from '../model/parameters.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { CacheState } from '../stores.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { namesComponent, workFactorOf } from '../timeline/component-effects.js';
import { healthyZone } from './lost-zones.js';
import type { CachePlan } from './store-plan.js';

/** Seconds until a cache whose zone was lost runs again, empty, in another. */
export const CACHE_REPLACEMENT_SECONDS = 60;

/** Warm, in the first zone of its cluster's region. */
export function createCache({ room, zones }: CachePlan): CacheState {
  const instance = { zone: zones[0]!, upAt: -1 };
  return { warmth: room, hits: 0, misses: 0, evicted: 0, instance, fetches: 0, fetchesFailed: 0 };
}

export function configureCache(plan: CachePlan, active: readonly ActiveFault[], { cells }: NetworkParameters): void {
  cells.workers[plan.cell] = plan.spec.cores;
  cells.workFactor[plan.cell] = workFactorOf(active, plan.spec.name, plan.spec.cluster);
}

/**
 * The hit ratio is the warm one times the share of the keys that are there. A look-up asks for a cacheable key with
 * probability `hitRatio` (the rest always misses), each key being as likely as any other; if it is not there and the
 * caller can fetch it, it is there afterwards: d warmth / dt = rate x hitRatio x (1 - warmth) x fetched / keys, solved
 * exactly over the step.
 *
 * @returns whether calls must be routed anew
 */
export function stepCache(plan: CachePlan, cache: CacheState, state: SimulationState): boolean {
  const { flows, parameters } = state;
  const lookups = Math.max(0, flows.ok[plan.row]! - cache.hits - cache.misses);
  const hits = lookups * parameters.hitRatio[plan.operation]!;
  cache.hits += hits;
  cache.misses += lookups - hits;
  fill(plan, cache, lookups * fetchedShare(plan, cache, state));
  const changed = stepInstance(plan, cache, state);
  for (const fault of state.timeline.active) {
    if (fault.kind === 'cache-flush' && fault.since === state.step && namesComponent(fault, plan.spec.name)) {
      cache.warmth *= 1 - fault.spec.settings['ratio']! * fault.spec.intensity;
    }
  }
  parameters.hitRatio[plan.operation] = plan.spec.hitRatio * cache.warmth;
  return changed;
}

function fill({ spec, room }: CachePlan, cache: CacheState, fetched: number): void {
  const absent = (1 - cache.warmth) * Math.exp((-fetched * spec.hitRatio) / spec.keys);
  const warmth = 1 - absent;
  if (warmth > room) cache.evicted += (warmth - room) * spec.keys;
  cache.warmth = Math.min(room, warmth);
}

/** Share of the misses whose value was found in the last step: while the source fails, a cold cache stays cold. */
function fetchedShare({ fetches }: CachePlan, cache: CacheState, { flows }: SimulationState): number {
  if (fetches.length === 0) return 1;
  let attempts = 0;
  let failed = 0;
  for (const edge of fetches) {
    attempts += flows.attempts[edge]! + flows.shortCircuited[edge]!;
    failed += flows.attemptsFailed[edge]! + flows.shortCircuited[edge]!;
  }
  const newAttempts = attempts - cache.fetches;
  const newFailed = failed - cache.fetchesFailed;
  cache.fetches = attempts;
  cache.fetchesFailed = failed;
  return newAttempts > 0 ? Math.max(0, 1 - newFailed / newAttempts) : newFailed > 0 ? 0 : 1;
}

function stepInstance(
  plan: CachePlan,
  cache: CacheState,
  { step, stores, parameters: { cells } }: SimulationState,
): boolean {
  const { instance } = cache;
  const wasUp = cells.servers[plan.cell] === 1;
  if (stores.lostZones[instance.zone] === 1 && instance.upAt <= step) {
    const zone = instance.upAt < step ? -1 : healthyZone(plan.zones, stores.lostZones);
    if (zone >= 0) instance.zone = zone;
    else instance.upAt = step + (wasUp ? CACHE_REPLACEMENT_SECONDS : 1);
    cache.warmth = 0;
  }
  const up = instance.upAt <= step;
  cells.servers[plan.cell] = up ? 1 : 0;
  cells.killed[plan.cell] = wasUp && !up ? 1 : 0;
  return wasUp !== up;
}
