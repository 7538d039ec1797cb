import { expect, it } from 'vitest';
import { allFeaturesScenario } from '../../../../test/support/simulation/all-features-scenario.js';
import { fixtureFault } from '../../../../test/support/simulation/scenario-fixture.js';
import { fixtureState } from '../../../../test/support/simulation/state-fixture.js';
import { FAULT_KINDS, type FaultKind, type FaultSpec, type FaultTarget } from '../../scenario/fault.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { createRandom, nextBelow, nextUniform, type RandomStream } from '../random/random.js';
import type { SimulationState } from '../simulation.types.js';
import { applyStoreChange, stepStores } from '../stores/stores.js';
import { advanceTimeline } from '../timeline/timeline.js';
import { applyTrafficChange, stepTraffic } from './traffic.js';

const STEPS = 300;

const KINDS = Object.keys(FAULT_KINDS) as FaultKind[];

const PLACES: readonly FaultTarget[] = [
  { service: 'api' },
  { service: 'worker', cluster: 'eu-1' },
  { store: 'db' },
  { store: 'orders' },
  { zone: 'eu-a' },
  { region: 'us' },
  { cloud: 'aws' },
  { cluster: 'us-1' },
  { node: 'node-2' },
];

function randomFault(random: RandomStream, i: number): FaultSpec {
  const pick = <T>(list: readonly T[]): T => list[nextBelow(random, list.length)]!;
  const kind = pick(KINDS);
  const place = pick(PLACES);
  return fixtureFault({
    kind,
    name: `fault-${i}`,
    at: nextBelow(random, STEPS),
    duration: nextBelow(random, 120),
    ramp: nextBelow(random, 60),
    intensity: nextUniform(random),
    target: nextUniform(random) < 0.5 ? place : { ...place, share: nextUniform(random), to: pick(PLACES) },
  });
}

/** Counters as a careless solver might move them. */
function randomFlows({ flows }: SimulationState, random: RandomStream): void {
  for (let edge = 0; edge < flows.calls.length; edge++) {
    const calls = 100 * nextUniform(random);
    flows.calls[edge]! += calls;
    flows.attempts[edge]! += calls * (1 + nextUniform(random));
    flows.attemptsFailed[edge]! += calls * nextUniform(random);
  }
  for (let row = 0; row < flows.arrived.length; row++) {
    flows.arrived[row]! += 100;
    flows.ok[row]! += 100 * nextUniform(random);
    flows.inFlight[row] = 300 * nextUniform(random);
  }
  for (let cell = 0; cell < flows.queued.length; cell++) flows.queued[cell] = 50 * nextUniform(random);
}

function expectWithin(values: Iterable<number>, low: number, high: number): void {
  for (const value of values) if (!(value >= low && value <= high)) expect(value).toBe(`${low} to ${high}`);
}

it.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'keeps all parameters in range under random faults (%i)',
  (seed) => {
    const random = createRandom(seed, 'test/parameters');
    const faults = Array.from({ length: 30 }, (_, i) => randomFault(random, i));
    const fleet = compileFleet(allFeaturesScenario({ faults }));
    const state = fixtureState(fleet);
    const { parameters, stores } = state;
    const { offset } = fleet.network.routes;
    for (; state.step < STEPS; state.step++) {
      for (const change of advanceTimeline(fleet, state.timeline, state.step)) {
        applyTrafficChange(fleet, state, change);
        applyStoreChange(fleet, state, change);
      }
      stepStores(fleet, state);
      stepTraffic(fleet, state);
      randomFlows(state, random);
      const { routeWeight, routeDelay, routeLoss, routeRefuse, edgeTimeout, edgeAdmit, edgeRetryShare } = parameters;
      for (const shares of [routeLoss, routeRefuse, edgeAdmit, edgeRetryShare, parameters.hitRatio])
        expectWithin(shares, 0, 1);
      expectWithin(parameters.cells.shedRatio, 0, 1);
      for (const amounts of [routeDelay, parameters.edgePool, parameters.contention])
        expectWithin(amounts, 0, Infinity);
      expectWithin(edgeTimeout, 0.001, Infinity);
      expectWithin(parameters.cells.slots, 1, Infinity);
      expectWithin(parameters.cells.servers, 0, 300);
      expectWithin(parameters.cells.killed, 0, 300);
      fleet.network.edges.forEach((_, edge) => {
        expectWithin([routeWeight.slice(offset[edge], offset[edge + 1]).reduce((a, b) => a + b, 0)], 1e-9, Infinity);
      });
      for (const cache of Object.values(stores.caches)) expectWithin([cache.warmth], 0, 1);
      for (const { diskUsed, replicationLag, connections } of Object.values(stores.databases)) {
        expectWithin([diskUsed, replicationLag, connections], 0, Infinity);
      }
    }
  },
);
