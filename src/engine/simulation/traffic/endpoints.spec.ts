import { describe, expect, it } from 'vitest';
import { allFeaturesScenario } from '../../../../test/support/simulation/all-features-scenario.js';
import { fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import type { FaultSpec } from '../../scenario/fault.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { createSimulation, injectFault, stepSimulation } from '../simulation.js';
import type { Simulation } from '../simulation.types.js';

type Numbers = 'routeWeight' | 'routeLoss' | 'routeRefuse' | 'routeDelay';

function start(scenario: Scenario, fault: FaultSpec) {
  const simulation = createSimulation(scenario);
  injectFault(simulation, fault);
  const steps = (count: number): void => {
    for (let i = 0; i < count; i++) stepSimulation(simulation);
  };
  return { simulation, steps, routes: (edge: string, what: Numbers) => routesOf(simulation, edge, what) };
}

function routesOf({ fleet, state }: Simulation, name: string, what: Numbers): number[] {
  const { edges, routes } = fleet.network;
  const edge = edges.findIndex((each) => each.name === name);
  if (edge < 0) throw new Error(`no edge ${name}`);
  return [...state.parameters[what].slice(routes.offset[edge], routes.offset[edge + 1])];
}

describe('calls to pods of a lost zone', () => {
  // Three pods of each service on three nodes in three zones.
  const lost = fixtureFault({ kind: 'zone-loss', at: 10, duration: 1000, target: { zone: 'eu-b' } });
  const call = 'web@eu-1 home -> api order';

  it('hang while the cluster believes in them, which is 40 s', () => {
    const { routes, steps } = start(fixtureScenario(), lost);
    steps(10);
    expect(routes(call, 'routeLoss')).toEqual([0]);
    steps(1);
    expect(routes(call, 'routeLoss')).toEqual([1 / 3]);
    expect(routes(call, 'routeRefuse')).toEqual([0]);
    steps(39);
    expect(routes(call, 'routeLoss')).toEqual([1 / 3]);
    steps(1);
    expect(routes(call, 'routeLoss')).toEqual([0]);
  });

  it('hang for users while the load balancer believes in them, which is two checks 15 s apart', () => {
    const { routes, steps } = start(fixtureScenario(), lost);
    steps(40);
    expect(routes('users', 'routeLoss')).toEqual([1 / 3]);
    steps(1);
    expect(routes('users', 'routeLoss')).toEqual([0]);
  });

  it('do not hang any more once the zone is back', () => {
    const { routes, steps } = start(fixtureScenario(), { ...lost, duration: 20 });
    steps(31);
    expect([routes(call, 'routeLoss'), routes('users', 'routeLoss')]).toEqual([[0], [0]]);
  });

  it('never concern messages, which wait for the consumers that are left', () => {
    const { routes, steps } = start(fixtureScenario(), lost);
    steps(20);
    expect(routes('orders -> worker handle', 'routeLoss')).toEqual([0]);
  });

  it('hang where all pods of a service were there, and go to the other cluster when its endpoints are gone', () => {
    const base = allFeaturesScenario({ faults: [], changes: [] });
    const { routes, simulation, steps } = start(base, fixtureFault({ ...lost, target: { zone: 'eu-b' } }));
    const { fleet, state } = simulation;
    const api = fleet.deployments.find(({ name, cluster }) => name === 'api' && cluster === 0)!;
    const zone = fleet.zones.findIndex(({ name }) => name === 'eu-b');
    const home = state.platform.nodes.find((node) => node?.zone === zone)!;
    for (const pod of state.platform.pods) if (pod?.deployment === api.index) pod.node = home.slot;
    steps(30);
    expect([routes(call, 'routeWeight'), routes(call, 'routeLoss')]).toEqual([
      [1, 0],
      [1, 0],
    ]);
    steps(30);
    expect([routes(call, 'routeWeight')[0], routes(call, 'routeLoss')]).toEqual([0, [0, 0]]);
  });
});

describe('calls to stores of a lost zone', () => {
  it('hang at a database until a replica has taken over, and at a cache until it is replaced', () => {
    const write = 'api@eu-1 order -> db write';
    const read = 'api@eu-1 order -> cache get';
    // The primary and the cache stand in the first zone; a failover takes 30 s.
    const lost = fixtureFault({ kind: 'zone-loss', at: 10, duration: 1000, target: { zone: 'eu-a' } });
    const { routes, steps } = start(fixtureScenario(), lost);
    steps(40);
    for (const edge of [write, read])
      expect([routes(edge, 'routeLoss'), routes(edge, 'routeRefuse')]).toEqual([[1], [0]]);
    steps(1);
    expect([routes(write, 'routeLoss'), routes(write, 'routeRefuse')]).toEqual([[0], [0]]);
  });

  it('are refused by a machine that is still there', () => {
    const { routes, steps } = start(
      fixtureScenario(),
      fixtureFault({ kind: 'database-failover', at: 10, target: { store: 'db' } }),
    );
    steps(11);
    const write = 'api@eu-1 order -> db write';
    expect([routes(write, 'routeLoss'), routes(write, 'routeRefuse')]).toEqual([[0], [1]]);
  });
});

describe('users of a lost region', () => {
  it('wait for nothing until DNS has noticed after 90 s, and move within its TTL of 60 s', () => {
    const base = allFeaturesScenario({ faults: [], changes: [] });
    const lost = fixtureFault({ kind: 'region-loss', at: 10, duration: 1000, target: { region: 'eu' } });
    const { routes, steps } = start(base, lost);
    steps(100);
    expect(routes('users', 'routeWeight')).toEqual([0.7, 0.3]);
    // Even its load balancers are gone: nobody is there to refuse.
    expect([routes('users', 'routeLoss'), routes('users', 'routeRefuse')]).toEqual([
      [1, 0],
      [0, 0],
    ]);
    steps(30);
    expect(routes('users', 'routeWeight')[0]).toBeCloseTo(0.35, 9);
    steps(30);
    expect(routes('users', 'routeWeight')).toEqual([0, 1]);
  });
});

describe.each(['fluid', 'discrete-event'] as const)('harm by a lost zone, %s', (solver) => {
  it('is the share of the lost pods, while the load balancer sends users there', () => {
    const base = fixtureScenario();
    const [web] = base.services;
    const alone = { ...web!, operations: web!.operations.map((each) => ({ ...each, stages: [] })) };
    const load = base.load.map((each) => ({ ...each, rate: 60, client: { ...each.client, timeout: 2 } }));
    const scenario = { ...base, services: [alone], stores: [], load, slos: [] };
    expect(compileFleet(scenario).deployments).toHaveLength(1);
    const simulation = createSimulation(scenario, { solver });
    injectFault(simulation, fixtureFault({ kind: 'zone-loss', at: 100, duration: 600, target: { zone: 'eu-b' } }));
    for (let step = 0; step < 200; step++) stepSimulation(simulation);
    const { userFailed, userOffered, userOk, userWaiting } = simulation.state.flows;
    expect(userOk[0]! + userFailed[0]! + userWaiting[0]!).toBeCloseTo(userOffered[0]!, 6);
    // A third of 60 users a second for 30 s is 600, with a standard deviation of sqrt(1800 x 2/9) = 20 (and a few that
    // the lost pod had in it).
    expect(Math.abs(userFailed[0]! - 600)).toBeLessThan(90);
  });
});
