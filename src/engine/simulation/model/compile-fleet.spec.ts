import { describe, expect, it } from 'vitest';
import { allFeaturesScenario } from '../../../../test/support/simulation/all-features-scenario.js';
import {
  fixtureCall,
  fixtureDatabase,
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../test/support/simulation/scenario-fixture.js';
import { compileFleet } from './compile-fleet.js';
import { CannotCompileError } from './compile.errors.js';
import type { Fleet } from './fleet.types.js';

/** `station operation` of all operations that can answer an edge. */
function answers({ network }: Fleet, edge: number): string[] {
  const { offset, target } = network.routes;
  return [...target.slice(offset[edge], offset[edge + 1])].map((index) => {
    const { station, name } = network.operations[index]!;
    return `${network.stations[station]!.name} ${name}`;
  });
}

function edgeNamed(fleet: Fleet, name: string) {
  const edge = fleet.network.edges.find((each) => each.name === name);
  if (edge === undefined)
    throw new Error(`no edge ${name}: ${fleet.network.edges.map((each) => each.name).join(', ')}`);
  return edge;
}

describe('compileFleet', () => {
  const fleet = compileFleet(allFeaturesScenario());
  const { network } = fleet;

  it('makes a station of every service in a cluster, database role, cache, queue and external service', () => {
    expect(network.stations.map(({ name, kind, dispatch }) => `${name} ${kind} ${dispatch}`)).toEqual([
      'web@eu-1 servers random',
      'web@us-1 servers random',
      'api@eu-1 servers random',
      'api@us-1 servers random',
      'worker@eu-1 servers shared',
      'worker@us-1 servers shared',
      'db.primary servers random',
      'db.replicas servers random',
      'cache servers random',
      'orders delay random',
      'bank delay random',
    ]);
    expect(fleet.deployments.map(({ station, cluster }) => [station, cluster])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 0],
      [5, 1],
    ]);
    expect(fleet.roles.map(({ kind, cluster }) => `${kind} ${cluster}`).slice(4)).toEqual([
      'service 0',
      'service 1',
      'database-primary 0',
      'database-replicas 0',
      'cache 0',
      'queue 0',
      'external -1',
    ]);
  });

  it('keeps indexes where they point', () => {
    network.stations.forEach((station, index) => expect(station.index).toBe(index));
    network.edges.forEach((edge, index) => expect(edge.index).toBe(index));
    network.operations.forEach((operation, index) => {
      expect(operation.index).toBe(index);
      expect(network.stations[operation.station]!.operations[operation.position]).toBe(index);
      for (const edge of operation.stages.flat()) expect(network.edges[edge]!.from).toBe(index);
    });
    expect(fleet.calls).toHaveLength(network.edges.length);
    expect(fleet.roles).toHaveLength(network.stations.length);
  });

  it('lets users and callers reach a service in all of its clusters', () => {
    expect(network.entries).toEqual([0]);
    expect(answers(fleet, 0)).toEqual(['web@eu-1 home', 'web@us-1 home']);
    expect(fleet.calls[0]).toMatchObject({ caller: -1, cluster: -1, entry: 0, timeout: 10 });
    const { index } = edgeNamed(fleet, 'web@us-1 home -> api order');
    expect(answers(fleet, index)).toEqual(['api@eu-1 order', 'api@us-1 order']);
    expect(fleet.calls[index]).toMatchObject({ caller: 0, callee: 1, cluster: 1, timeout: 0.5, retryBudget: 0.2 });
    expect(fleet.calls[index]!.breaker).toEqual({ errorRatio: 0.5, minimumCalls: 20, window: 10, openFor: 30 });
  });

  it('sends reads to primary and replicas and writes to the primary, which contend', () => {
    expect(answers(fleet, edgeNamed(fleet, 'api@eu-1 list -> db read').index)).toEqual([
      'db.primary read',
      'db.replicas read',
    ]);
    expect(answers(fleet, edgeNamed(fleet, 'api@eu-1 order -> db write').index)).toEqual(['db.primary write']);
    expect(network.operations.filter(({ contends }) => contends).map(({ name }) => name)).toEqual(['write']);
  });

  it('hangs what follows a miss on the call of the cache', () => {
    const get = network.edges.find(({ onMiss }) => onMiss.length > 0)!;
    expect(answers(fleet, get.index)).toEqual(['cache get']);
    expect(get.onMiss.map((stage) => stage.map((edge) => network.edges[edge]!.name))).toEqual([
      ['api@eu-1 list -> db read'],
      ['api@eu-1 list -> cache get'],
    ]);
  });

  it('hands messages from the broker to its consumers without waiting for them', () => {
    const publish = network.operations.find(({ name }) => name === 'publish')!;
    expect(publish.stages).toHaveLength(1);
    const [edge] = publish.stages[0]!;
    expect(network.edges[edge!]).toMatchObject({ async: true, retries: 0, probability: 1 });
    expect(answers(fleet, edge!)).toEqual(['worker@eu-1 handle', 'worker@us-1 handle']);
  });

  it('makes two calls of the same operation two edges', () => {
    const names = network.edges.map(({ name }) => name);
    expect(names.filter((name) => name === 'api@eu-1 list -> cache get')).toHaveLength(2);
  });

  it('leaves out the replicas of a database that has none', () => {
    const alone = compileFleet(
      fixtureScenario({ stores: [fixtureDatabase({ replicas: 0 }), ...fixtureScenario().stores.slice(1)] }),
    );
    expect(alone.network.stations.map(({ name }) => name)).not.toContain('db.replicas');
  });

  it('has every SLO latency among the bounds of what users see', () => {
    const { userBounds } = compileFleet(
      fixtureScenario({ slos: [{ name: 'odd', entryPoint: 'users', objective: 0.9, latency: 0.3337 }] }),
    ).network;
    expect([...userBounds]).toContain(0.3337);
  });

  it('refuses a name that nobody has', () => {
    const service = fixtureService({
      name: 'web',
      operations: [fixtureOperation({ name: 'home', stages: [[fixtureCall({ component: 'ghost', operation: 'x' })]] })],
    });
    expect(() => compileFleet(fixtureScenario({ services: [service] }))).toThrow(CannotCompileError);
  });
});
