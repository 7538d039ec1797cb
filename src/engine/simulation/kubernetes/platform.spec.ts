import { describe, expect, it } from 'vitest';
import { fixtureScenario, fixtureService } from '../../../../test/support/simulation/scenario-fixture.js';
import { compileFleet } from '../model/compile-fleet.js';
import { createParameters } from '../model/create-network.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { createPlatform } from './platform.js';

describe('the settled platform', () => {
  const fleet = compileFleet(fixtureScenario());
  const parameters = createParameters(fleet.network);
  const { platform } = createPlatform(fleet, parameters, 7);

  it('has every initial replica Running and Ready on a node', () => {
    const pods = platform.pods.filter((pod) => pod !== null);
    expect(pods).toHaveLength(8);
    for (const pod of pods) expect(pod).toMatchObject({ phase: 'Running', ready: true, waiting: null, deletedAt: -1 });
    expect(pods.every(({ node }) => platform.nodes[node]?.ready)).toBe(true);
    expect(platform.events).toEqual([]);
  });

  it('spreads the pods of a service over the zones', () => {
    const zones = platform.pods
      .filter((pod) => pod?.deployment === 0)
      .map((pod) => fleet.zones[platform.nodes[pod!.node]!.zone]!.name);
    expect(new Set(zones)).toEqual(new Set(['eu-a', 'eu-b', 'eu-c']));
  });

  it('gives names as Kubernetes does, and the same ones again for the same seed', () => {
    const again = createPlatform(fleet, createParameters(fleet.network), 7);
    expect(platform.pods[0]!.name).toMatch(
      /^web-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
    );
    expect(platform.pods[0]!.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again.platform).toEqual(platform);
    expect(createPlatform(fleet, createParameters(fleet.network), 8).platform).not.toEqual(platform);
  });

  it('writes the cells of services: c = cores / (cpuSeconds / workSeconds)', () => {
    const { cells } = parameters;
    const api = fleet.deployments.find(({ name }) => name === 'api')!.station * CELLS_PER_STATION;
    // One core, 8 ms of CPU in 10 ms of work: 1.25 busy workers, so two at 62.5 % speed.
    expect(cells.servers[api]).toBe(3);
    expect(cells.workers[api]).toBe(2);
    expect(cells.speed[api]).toBe(0.625);
    expect(cells.slots[api]).toBe(64);
    expect(cells.queueLimit[api]).toBe(100);
    expect(cells.servers[api + 1]).toBe(0);
    const worker = fleet.deployments.find(({ name }) => name === 'worker')!.station * CELLS_PER_STATION;
    expect(cells.queueLimit[worker]).toBe(Infinity);
  });

  it('lets no more consumers work than the queue has partitions', () => {
    const base = fixtureScenario();
    const [web, api, worker] = base.services;
    const many = compileFleet({ ...base, services: [web!, api!, { ...worker!, replicas: 9 }] });
    const cells = createParameters(many.network);
    createPlatform(many, cells, 1);
    const first = many.deployments[2]!.station * CELLS_PER_STATION;
    expect(cells.cells.servers[first]).toBe(6);
  });

  it('leaves replicas that do not fit Pending, with the scheduler’s reason', () => {
    const base = fixtureScenario();
    const large = fixtureService({
      name: 'large',
      replicas: 4,
      resources: { cpuRequest: 3, cpuLimit: 4, memoryRequest: 1e9, memoryLimit: 2e9 },
    });
    const full = compileFleet({ ...base, services: [large], load: [], slos: [] });
    const { platform: tight } = createPlatform(full, createParameters(full.network), 1);
    const pending = tight.pods.filter((pod) => pod?.phase === 'Pending');
    expect(pending).toHaveLength(1);
    expect(pending[0]!.unschedulable).toBe('0/3 nodes are available: 3 Insufficient cpu.');
  });
});
