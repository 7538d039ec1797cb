import { describe, expect, it } from 'vitest';
import { fixtureCache, fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { fixtureState } from '../../../../test/support/simulation/state-fixture.js';
import type { CacheSpec } from '../../scenario/component.types.js';
import type { FaultSpec } from '../../scenario/fault.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { advanceTimeline } from '../timeline/timeline.js';
import { stepTraffic } from '../traffic/traffic.js';
import { CACHE_REPLACEMENT_SECONDS } from './caches.js';
import { stepStores } from './stores.js';

/** A cache of 10,000 keys with a hit ratio of 0.9, asked `rate` times a second. */
function run(rate: number, faults: FaultSpec[] = [], overrides: Partial<CacheSpec> = {}) {
  const stores = fixtureScenario().stores.map((store) => (store.kind === 'cache' ? fixtureCache(overrides) : store));
  const fleet = compileFleet(fixtureScenario({ faults, stores }));
  const { network } = fleet;
  const state = fixtureState(fleet);
  const { index, stations } = fleet.components.find(({ name }) => name === 'cache')!;
  const cell = stations[0]! * CELLS_PER_STATION;
  const [operation] = network.stations[stations[0]!]!.operations;
  const fetch = network.edges.find(({ name }) => name.endsWith('db read'))!.index;
  const source = { failing: 0 };
  const cache = state.stores.caches[index]!;
  return {
    cache,
    source,
    servers: () => state.parameters.cells.servers[cell],
    hitRatio: () => state.parameters.hitRatio[operation!]!,
    step(times = 1): void {
      for (let i = 0; i < times; i++) {
        advanceTimeline(fleet, state.timeline, state.step);
        stepStores(fleet, state);
        stepTraffic(fleet, state);
        const misses = rate * (1 - state.parameters.hitRatio[operation!]!);
        state.flows.ok[cell * network.operationStride]! += rate;
        state.flows.attempts[fetch]! += misses;
        state.flows.attemptsFailed[fetch]! += misses * source.failing;
        state.step++;
      }
    },
  };
}

const flush = (overrides: Partial<FaultSpec> = {}) =>
  fixtureFault({ kind: 'cache-flush', at: 10, duration: 1, target: { store: 'cache' }, ...overrides });

describe('a cache', () => {
  it('starts warm and stays so', () => {
    const { step, hitRatio, cache } = run(500);
    step(100);
    expect(hitRatio()).toBe(0.9);
    expect(cache.hits).toBeCloseTo(99 * 500 * 0.9, 6);
    expect(cache.misses).toBeCloseTo(99 * 500 * 0.1, 6);
    expect(cache.evicted).toBe(0);
  });

  it('fills after a flush as 1 - exp(-rate x hit ratio x t / keys)', () => {
    const { step, hitRatio } = run(500, [flush()]);
    step(11);
    expect(hitRatio()).toBe(0);
    for (const seconds of [5, 10, 15, 30]) {
      step(seconds);
    }
    const expected = 0.9 * (1 - Math.exp((-500 * 0.9 * 60) / 10_000));
    expect(hitRatio()).toBeCloseTo(expected, 10);
  });

  it('loses only the share that a flush says', () => {
    const { step, cache } = run(0, [flush({ intensity: 0.5, ramp: 30, settings: { ratio: 0.6 } })]);
    step(20);
    expect(cache.warmth).toBeCloseTo(0.7, 12);
  });

  it('stays cold while what it misses cannot be fetched, and fills as fast as that comes back', () => {
    const { step, cache, source } = run(500, [flush()]);
    step(11);
    source.failing = 1;
    step(1);
    const before = cache.warmth;
    step(60);
    expect(cache.warmth).toBeCloseTo(before, 12);
    source.failing = 0.75;
    step(1);
    const start = cache.warmth;
    step(40);
    const fetched = 0.25;
    expect(1 - cache.warmth).toBeCloseTo((1 - start) * Math.exp((-500 * 0.9 * fetched * 40) / 10_000), 10);
  });

  it('holds no more than its memory and evicts what comes beyond', () => {
    const { step, cache, hitRatio } = run(500, [], { memory: 4e6 });
    step(11);
    expect(hitRatio()).toBeCloseTo(0.9 * 0.4, 12);
    // Each second 10,000 x 0.6 x (1 - exp(-0.045)) absent keys are fetched, and as many leave.
    expect(cache.evicted).toBeCloseTo(10 * 6000 * (1 - Math.exp(-0.045)), 6);
  });

  it('goes with its zone and comes back empty in another', () => {
    const { step, cache, servers } = run(0, [
      fixtureFault({ kind: 'zone-loss', at: 20, duration: 500, target: { zone: 'eu-a' } }),
    ]);
    step(20);
    expect(servers()).toBe(1);
    step(1);
    expect(servers()).toBe(0);
    step(CACHE_REPLACEMENT_SECONDS - 1);
    expect(servers()).toBe(0);
    step(1);
    expect(servers()).toBe(1);
    expect(cache).toMatchObject({ warmth: 0, instance: { zone: 1 } });
  });
});
