import { describe, expect, it } from 'vitest';
import { allFeaturesScenario } from '../../../../test/support/simulation/all-features-scenario.js';
import { fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { fixtureState } from '../../../../test/support/simulation/state-fixture.js';
import type { FaultSpec } from '../../scenario/fault.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { stepStores } from '../stores/stores.js';
import { advanceTimeline } from '../timeline/timeline.js';
import { applyTrafficChange, stepTraffic } from './traffic.js';

type Numbers = 'routeWeight' | 'routeDelay' | 'routeLoss' | 'routeRefuse';

function run(scenario: Scenario) {
  const fleet = compileFleet(scenario);
  const state = fixtureState(fleet);
  const { network } = fleet;
  const edgeNamed = (name: string): number => network.edges.findIndex((edge) => edge.name === name);
  const step = (times = 1): void => {
    for (let i = 0; i < times; i++) {
      advanceTimeline(fleet, state.timeline, state.step);
      stepStores(fleet, state);
      stepTraffic(fleet, state);
      state.step++;
    }
  };
  return {
    fleet,
    state,
    edgeNamed,
    step,
    /** A parameter of an edge's routes, in order. */
    routes(name: string, what: Numbers): number[] {
      const { offset } = network.routes;
      const edge = edgeNamed(name);
      return [...state.parameters[what].slice(offset[edge], offset[edge + 1])];
    },
    setServers(station: string, count: number): void {
      const { index } = network.stations.find(({ name }) => name === station)!;
      state.parameters.cells.servers[index * CELLS_PER_STATION] = count;
      for (const pod of state.platform.pods) {
        if (pod !== null && fleet.deployments[pod.deployment]!.station === index) pod.ready = count > 0;
      }
      state.platform.generation++;
    },
  };
}

const two = (faults: FaultSpec[] = [], overrides: Partial<Scenario> = {}) =>
  run(allFeaturesScenario({ faults, changes: [], ...overrides }));

describe('stepTraffic: where calls go', () => {
  it('keeps calls in the own cluster and reads at the replicas', () => {
    const { step, routes } = two();
    step();
    expect(routes('web@eu-1 home -> api order', 'routeWeight')).toEqual([1, 0]);
    expect(routes('web@us-1 home -> api order', 'routeWeight')).toEqual([0, 1]);
    expect(routes('api@eu-1 list -> db read', 'routeWeight')).toEqual([0, 1]);
    expect(routes('orders -> worker handle', 'routeWeight')).toEqual([2, 2]);
  });

  it('calls the other cluster when the own one has no ready pod, and back', () => {
    const { step, routes, setServers } = two();
    step();
    setServers('api@eu-1', 0);
    step();
    expect(routes('web@eu-1 home -> api order', 'routeWeight')).toEqual([0, 3]);
    setServers('api@eu-1', 1);
    step();
    expect(routes('web@eu-1 home -> api order', 'routeWeight')).toEqual([1, 0]);
  });

  it('refuses calls when nobody is ready anywhere, but keeps messages for consumers', () => {
    const { step, routes, setServers } = two();
    for (const station of ['api@eu-1', 'api@us-1', 'worker@eu-1', 'worker@us-1']) setServers(station, 0);
    step();
    expect(routes('web@eu-1 home -> api order', 'routeWeight')).toEqual([1, 0]);
    expect(routes('web@eu-1 home -> api order', 'routeRefuse')).toEqual([1, 1]);
    expect(routes('orders -> worker handle', 'routeWeight')).toEqual([1, 1]);
    expect(routes('orders -> worker handle', 'routeRefuse')).toEqual([0, 0]);
  });
});

describe('stepTraffic: round trips', () => {
  it('averages over the zones of callers and callees', () => {
    const { step, routes } = two();
    step();
    // Three pods in three zones on both sides: a third of the pairs share a zone.
    const within = 0.0002 / 3 + (0.001 * 2) / 3;
    expect(routes('web@eu-1 home -> api order', 'routeDelay')[0]).toBeCloseTo(within, 12);
    expect(routes('web@eu-1 home -> api order', 'routeDelay')[1]).toBeCloseTo(0.08, 12);
    // The primary is in eu-a, where a third of the callers are; replicas are in eu-b and eu-c.
    expect(routes('api@eu-1 list -> db read', 'routeDelay')[0]).toBeCloseTo(within, 12);
    expect(routes('api@eu-1 list -> db read', 'routeDelay')[1]).toBeCloseTo(within, 12);
    expect(routes('api@us-1 order -> db write', 'routeDelay')[0]).toBeCloseTo(0.08, 12);
    // An external service without a region is as far as regions are.
    expect(routes('api@eu-1 order -> bank call', 'routeDelay')[0]).toBeCloseTo(0.15, 12);
    expect(routes('users', 'routeDelay')).toEqual([0, 0]);
  });
});

describe('stepTraffic: faults on the way', () => {
  const from = { at: 0, duration: 10 };

  it('adds latency between two zones to the pairs that lie between them', () => {
    const { step, routes } = two([
      fixtureFault({
        ...from,
        kind: 'network-latency',
        target: { zone: 'eu-a', to: { zone: 'eu-b' } },
        settings: { delay: 0.9 },
      }),
    ]);
    step();
    // Of nine pairs of zones two lie between eu-a and eu-b.
    const calm = 0.0002 / 3 + (0.001 * 2) / 3;
    expect(routes('web@eu-1 home -> api order', 'routeDelay')[0]).toBeCloseTo(calm + 0.2, 12);
    expect(routes('api@us-1 order -> db write', 'routeDelay')[0]).toBeCloseTo(0.08, 12);
    step(10);
    expect(routes('web@eu-1 home -> api order', 'routeDelay')[0]).toBeCloseTo(calm, 12);
  });

  it('cuts a zone off from everything outside of it', () => {
    const { step, routes } = two([fixtureFault({ ...from, kind: 'network-partition', target: { zone: 'eu-a' } })]);
    step();
    // Pairs with exactly one end in eu-a: 2/3 x 1/3 twice. Of users none is in it, a third of their pods are.
    expect(routes('web@eu-1 home -> api order', 'routeLoss')[0]).toBeCloseTo(4 / 9, 12);
    expect(routes('users', 'routeLoss')[0]).toBeCloseTo(1 / 3, 12);
    // The primary is in eu-a: two thirds of the callers have lost it, from the other region all.
    expect(routes('api@eu-1 order -> db write', 'routeLoss')).toEqual([expect.closeTo(2 / 3, 12)]);
    expect(routes('api@us-1 order -> db write', 'routeLoss')).toEqual([1]);
  });

  it('loses nothing twice where a pair of places overlaps, and combines independent losses', () => {
    const { step, routes } = two([
      fixtureFault({
        ...from,
        kind: 'network-loss',
        target: { region: 'eu', to: { cluster: 'eu-1' } },
        settings: { ratio: 0.5 },
      }),
      fixtureFault({
        ...from,
        name: 'second',
        kind: 'network-loss',
        target: { service: 'web', to: { service: 'api' } },
        settings: { ratio: 0.2 },
      }),
    ]);
    step();
    expect(routes('web@eu-1 home -> api order', 'routeLoss')[0]).toBeCloseTo(1 - 0.5 * 0.8, 12);
    expect(routes('api@eu-1 order -> db write', 'routeLoss')[0]).toBeCloseTo(0.5, 12);
    expect(routes('web@us-1 home -> api order', 'routeLoss')[1]).toBeCloseTo(0.2, 12);
    expect(routes('orders -> worker handle', 'routeLoss')).toEqual([0, 0]);
  });

  it('fails look-ups of a name, or all that callers of a cluster make', () => {
    const named = two([
      fixtureFault({ ...from, kind: 'dns-failure', target: { store: 'db' }, settings: { ratio: 0.4 } }),
    ]);
    named.step();
    expect(named.routes('api@us-1 order -> db write', 'routeRefuse')).toEqual([expect.closeTo(0.4, 12)]);
    expect(named.routes('web@eu-1 home -> api order', 'routeRefuse')).toEqual([0, 0]);
    const cluster = two([fixtureFault({ ...from, kind: 'dns-failure', target: { cluster: 'us-1' } })]);
    cluster.step();
    expect(cluster.routes('web@us-1 home -> api order', 'routeRefuse')).toEqual([1, 1]);
    expect(cluster.routes('web@eu-1 home -> api order', 'routeRefuse')).toEqual([0, 0]);
    expect(cluster.routes('users', 'routeRefuse')).toEqual([0, 0]);
  });

  it('takes a dependency down for everybody, and back up', () => {
    const { step, routes } = two([
      fixtureFault({ ...from, kind: 'dependency-down', target: { store: 'bank' }, settings: { ratio: 0.25 } }),
    ]);
    step();
    expect(routes('api@eu-1 order -> bank call', 'routeRefuse')).toEqual([expect.closeTo(0.25, 12)]);
    step(10);
    expect(routes('api@eu-1 order -> bank call', 'routeRefuse')).toEqual([0]);
  });

  it('shows an expired certificate until the pods have started anew', () => {
    const { step, routes, state } = two();
    state.step = 3499;
    step();
    expect(routes('web@eu-1 home -> api order', 'routeRefuse')[0]).toBe(0);
    step();
    expect(routes('web@eu-1 home -> api order', 'routeRefuse')[0]).toBe(1);
    const pods = state.platform.pods.filter((pod) => pod?.deployment === 2);
    pods[0]!.startedAt = state.step;
    state.platform.generation++;
    step();
    expect(routes('web@eu-1 home -> api order', 'routeRefuse')[0]).toBeCloseTo(2 / 3, 12);
  });

  it('makes callers impatient in a retry storm', () => {
    const { step, state, edgeNamed } = two([
      fixtureFault({ ...from, kind: 'retry-storm', target: { service: 'api' } }),
    ]);
    const edge = edgeNamed('web@eu-1 home -> api order');
    step();
    expect([state.parameters.edgeTimeout[edge], state.parameters.edgeExtraRetries[edge]]).toEqual([0.25, 3]);
    expect(state.parameters.edgeTimeout[0]).toBe(10);
    step(10);
    expect([state.parameters.edgeTimeout[edge], state.parameters.edgeExtraRetries[edge]]).toEqual([0.5, 0]);
  });
});

describe('stepTraffic: connection leaks', () => {
  it('takes connections from the pools at the rate of the fault and gives them back at its end', () => {
    const { step, state, edgeNamed } = two([
      fixtureFault({
        kind: 'connection-leak',
        at: 10,
        duration: 100,
        target: { service: 'api' },
        settings: { rate: 0.5 },
      }),
    ]);
    const edge = edgeNamed('api@eu-1 order -> db write');
    step();
    expect(state.parameters.edgePool[edge]).toBe(20);
    step(30);
    expect(state.parameters.edgePool[edge]).toBeCloseTo(20 - 0.5 * 20, 12);
    step(30);
    expect(state.parameters.edgePool[edge]).toBe(0);
    step(60);
    expect(state.parameters.edgePool[edge]).toBe(20);
  });

  it('spares pods that started later, for as long as they have lived', () => {
    const { step, state, edgeNamed } = two([
      fixtureFault({
        kind: 'connection-leak',
        at: 0,
        duration: 100,
        target: { service: 'api' },
        settings: { rate: 0.1 },
      }),
    ]);
    step(30);
    const restarted = state.platform.pods.find((pod) => pod?.deployment === 2)!;
    restarted.startedAt = 30;
    state.platform.generation++;
    step(31);
    // Step 60: two pods have leaked for 60 s, one for 30 s.
    expect(state.parameters.edgePool[edgeNamed('api@eu-1 order -> db write')]).toBeCloseTo(20 - (6 + 6 + 3) / 3, 12);
  });

  it('integrates the rate over a ramp', () => {
    const { step, state, edgeNamed } = two([
      fixtureFault({
        kind: 'connection-leak',
        at: 0,
        duration: 100,
        ramp: 20,
        target: { service: 'api' },
        settings: { rate: 0.4 },
      }),
    ]);
    const edge = edgeNamed('api@eu-1 order -> db write');
    step(11);
    expect(state.parameters.edgePool[edge]).toBeCloseTo(20 - (0.4 * 10 ** 2) / 40, 12);
    step(20);
    expect(state.parameters.edgePool[edge]).toBeCloseTo(20 - 0.4 * (30 - 10), 12);
  });
});

describe('stepTraffic: users', () => {
  it('spreads them by the weights', () => {
    const { step, routes } = two();
    step();
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
  });

  it('moves them linearly over the TTL when the weights change', () => {
    const { step, routes, fleet, state } = two();
    step();
    applyTrafficChange(fleet, state, { kind: 'traffic', entryPoint: 'users', weights: { 'eu-1': 1, 'us-1': 4 } });
    step(30);
    expect(routes('users', 'routeWeight')[0]).toBeCloseTo(0.7 + (0.2 - 0.7) / 2, 12);
    step(30);
    expect(routes('users', 'routeWeight')).toEqual([0.2, 0.8]);
    step(30);
    expect(routes('users', 'routeWeight')).toEqual([0.2, 0.8]);
  });

  it('takes them from a cluster without ready pods when its health check has failed, as fast, and back', () => {
    const { step, routes, setServers } = two();
    step();
    setServers('web@eu-1', 0);
    // Three checks 30 s apart: until then all of its users fail.
    step(90);
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
    expect(routes('users', 'routeRefuse')).toEqual([1, 0]);
    step(15);
    expect(routes('users', 'routeWeight')[0]).toBeCloseTo(0.7 * (1 - 15 / 60), 12);
    expect(routes('users', 'routeRefuse')).toEqual([1, 0]);
    step(45);
    expect(routes('users', 'routeWeight')).toEqual([0, 1]);
    setServers('web@eu-1', 3);
    step(90);
    expect(routes('users', 'routeWeight')).toEqual([0, 1]);
    step(60);
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
  });

  it('leaves them where a cluster is back before its health check has failed', () => {
    const { step, routes, setServers } = two();
    step();
    setServers('web@eu-1', 0);
    step(80);
    setServers('web@eu-1', 3);
    step(200);
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
  });

  it('leaves them where they are when no cluster is ready', () => {
    const { step, routes, setServers } = two();
    setServers('web@eu-1', 0);
    setServers('web@us-1', 0);
    step(100);
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
    expect(routes('users', 'routeRefuse')).toEqual([1, 1]);
  });

  it('ignores changes that are not its business', () => {
    const { step, routes, fleet, state } = two();
    step();
    applyTrafficChange(fleet, state, { kind: 'restart', service: 'web' });
    applyTrafficChange(fleet, state, { kind: 'traffic', entryPoint: 'others', weights: { 'us-1': 1 } });
    step(100);
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
  });
});

describe('stepTraffic: all in all', () => {
  it('goes on from a copy of its state with the same numbers', () => {
    const fleet = compileFleet(allFeaturesScenario());
    const one = fixtureState(fleet);
    const advance = (state: typeof one, steps: number): void => {
      for (let i = 0; i < steps; i++) {
        for (const change of advanceTimeline(fleet, state.timeline, state.step))
          applyTrafficChange(fleet, state, change);
        stepStores(fleet, state);
        stepTraffic(fleet, state);
        state.step++;
      }
    };
    advance(one, 777);
    const other = structuredClone(one);
    advance(one, 2000);
    advance(other, 2000);
    expect(other).toEqual(one);
    const { routeWeight, routeDelay, routeLoss, routeRefuse } = one.parameters;
    for (const values of [routeWeight, routeDelay, routeLoss, routeRefuse]) {
      for (const value of values) expect(value).toBeGreaterThanOrEqual(0);
    }
    for (const value of [...routeLoss, ...routeRefuse]) expect(value).toBeLessThanOrEqual(1);
  });

  it('works with a single cluster', () => {
    const { step, routes } = run(fixtureScenario());
    step(5);
    expect(routes('users', 'routeWeight')).toEqual([1]);
  });
});
