import { describe, expect, it } from 'vitest';
import {
  fixtureDatabase,
  fixtureExternal,
  fixtureFault,
  fixtureQueue,
  fixtureScenario,
  fixtureCache,
} from '../../../../test/support/simulation/scenario-fixture.js';
import { allFeaturesScenario } from '../../../../test/support/simulation/all-features-scenario.js';
import { fixtureState } from '../../../../test/support/simulation/state-fixture.js';
import type { StoreSpec } from '../../scenario/component.types.js';
import type { FaultSpec } from '../../scenario/fault.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { advanceTimeline } from '../timeline/timeline.js';
import { stepTraffic } from '../traffic/traffic.js';
import { APPLY_COST } from './databases.js';
import { MAX_READ_LAG } from './read-replicas.js';
import { stepStores } from './stores.js';

function run({ faults = [], stores = [] }: { faults?: FaultSpec[]; stores?: StoreSpec[] }) {
  const replaced = [fixtureDatabase(), fixtureCache(), fixtureQueue(), fixtureExternal()].map(
    (store) => stores.find(({ kind }) => kind === store.kind) ?? store,
  );
  const fleet = compileFleet(allFeaturesScenario({ faults, changes: [], stores: replaced }));
  const state = fixtureState(fleet);
  const { network } = fleet;
  const component = (name: string) => fleet.components.find((each) => each.name === name)!;
  const cellOf = (name: string): number =>
    network.stations.find((station) => station.name === name)!.index * CELLS_PER_STATION;
  return {
    state,
    cellOf,
    cells: state.parameters.cells,
    flows: state.flows,
    /** Row of an operation in the first cell of its station. */
    row(station: string, operation: string): number {
      const { operations } = network.stations.find(({ name }) => name === station)!;
      const position = operations.findIndex((each) => network.operations[each]!.name === operation);
      return cellOf(station) * network.operationStride + position;
    },
    edge: (name: string): number => network.edges.findIndex((each) => each.name === name),
    refused: (name: string): number => {
      const edge = network.edges.findIndex((each) => each.name === name);
      return state.parameters.routeRefuse[network.routes.offset[edge]!]!;
    },
    weights: (name: string): number[] => {
      const edge = network.edges.findIndex((each) => each.name === name);
      return [...state.parameters.routeWeight.slice(network.routes.offset[edge], network.routes.offset[edge + 1])];
    },
    lost: (name: string): number => {
      const edge = network.edges.findIndex((each) => each.name === name);
      return state.parameters.routeLoss[network.routes.offset[edge]!]!;
    },
    database: state.stores.databases[component('db').index]!,
    queue: state.stores.queues[component('orders').index]!,
    step(times = 1, flow: () => void = () => undefined): void {
      for (let i = 0; i < times; i++) {
        advanceTimeline(fleet, state.timeline, state.step);
        stepStores(fleet, state);
        stepTraffic(fleet, state);
        flow();
        state.step++;
      }
    },
  };
}

const store = { store: 'db' };

describe('replication', () => {
  it('keeps its base lag while a replica applies what the primary writes', () => {
    const { step, flows, row, database } = run({});
    step(60, () => (flows.ok[row('db.primary', 'write')]! += 800));
    expect(database.replicationLag).toBe(0.05);
  });

  it('falls behind by what writes take more than a second to apply, and catches up', () => {
    const { step, flows, row, database } = run({});
    const rate = 1000;
    // Work of 4 ms per write.
    const applying = rate * 0.004 * APPLY_COST;
    step(51, () => (flows.ok[row('db.primary', 'write')]! += rate));
    expect(database.replicationLag).toBeCloseTo(0.05 + 50 * (applying - 1), 9);
    step(1);
    const behind = database.replicationLag;
    step(3);
    expect(database.replicationLag).toBeCloseTo(behind - 3, 9);
    step(60);
    expect(database.replicationLag).toBe(0.05);
  });

  it('falls behind at the rate of a fault', () => {
    const { step, database } = run({
      faults: [
        fixtureFault({ kind: 'replication-lag', at: 10, duration: 40, target: store, settings: { growth: 0.5 } }),
      ],
    });
    step(50);
    expect(database.replicationLag).toBeCloseTo(0.05 + 40 * 0.5, 9);
    step(10);
    expect(database.replicationLag).toBeCloseTo(0.05 + 20 - 10, 9);
  });

  it('sends the reads to the primary while replicas are too far behind', () => {
    const { step, database, weights } = run({
      faults: [
        fixtureFault({ kind: 'replication-lag', at: 0, duration: 80, target: store, settings: { growth: 0.5 } }),
      ],
    });
    const read = 'api@eu-1 list -> db read';
    const current = (MAX_READ_LAG - 0.05) / 0.5;
    step(Math.floor(current));
    expect(weights(read)).toEqual([0, 1]);
    step(1);
    expect(database.replicationLag).toBeGreaterThan(MAX_READ_LAG);
    expect(weights(read)).toEqual([1, 0]);
    // Ten seconds behind the limit, caught up at a second a second.
    step(80 - Math.floor(current) - 1 + 10);
    expect(weights(read)).toEqual([1, 0]);
    step(1);
    expect(weights(read)).toEqual([0, 1]);
  });
});

describe('disk of a database', () => {
  const nearlyFull = fixtureDatabase({ disk: 1000, diskUsed: 900, bytesPerWrite: 1 });

  it('grows by what is written and refuses writes when it is full', () => {
    const { step, flows, row, database, refused } = run({ stores: [nearlyFull] });
    const write = () => (flows.ok[row('db.primary', 'write')]! += 10);
    step(10, write);
    expect(database.diskUsed).toBe(990);
    expect(refused('api@eu-1 order -> db write')).toBe(0);
    step(1, write);
    expect(database).toMatchObject({ diskUsed: 1000, diskFull: true });
    expect(refused('api@eu-1 order -> db write')).toBe(1);
    expect(refused('api@eu-1 list -> db read')).toBe(0);
  });

  it('fills by a fault and is cleaned up when that ends', () => {
    const fill = fixtureFault({ kind: 'disk-full', at: 0, duration: 20, target: store, settings: { rate: 20 } });
    const { step, database, refused } = run({ faults: [fill], stores: [nearlyFull] });
    step(4);
    expect(database.diskUsed).toBe(980);
    step(2);
    expect(database.diskUsed).toBe(1000);
    expect(refused('api@us-1 order -> db write')).toBe(1);
    step(20);
    expect(database).toMatchObject({ diskUsed: 900, diskFull: false });
    expect(refused('api@us-1 order -> db write')).toBe(0);
  });
});

describe('connections of a database', () => {
  it('counts those of pools or the queries that run, whichever is more', () => {
    const { step, flows, row, edge, database } = run({});
    flows.poolInUse[edge('api@eu-1 order -> db write')] = 7;
    flows.poolInUse[edge('api@us-1 list -> db read')] = 5;
    step();
    expect(database.connections).toBe(12);
    flows.inFlight[row('db.primary', 'write')] = 10;
    flows.inFlight[row('db.replicas', 'read')] = 4;
    step();
    expect(database.connections).toBe(14);
  });

  it('refuses queries for which leaked connections leave no place', () => {
    const { step, cells, cellOf, database, flows, row } = run({
      faults: [
        fixtureFault({
          kind: 'connection-leak',
          at: 0,
          duration: 100,
          target: { service: 'api' },
          settings: { rate: 0.5 },
        }),
      ],
      stores: [fixtureDatabase({ maxConnections: 50 })],
    });
    expect(cells.slots[cellOf('db.primary')]).toBe(50);
    expect(cells.queueLimit[cellOf('db.primary')]).toBe(0);
    flows.rejected[row('db.primary', 'write')] = 3;
    step(12);
    // Known at step 10: 5 connections of each of the six pods, writes' at the primary, reads' at the two replicas.
    expect(cells.slots[cellOf('db.primary')]).toBeCloseTo(50 - 30, 9);
    expect(cells.slots[cellOf('db.replicas')]).toBeCloseTo(50 - 15, 9);
    expect(database).toMatchObject({ leakedConnections: 60, connections: 60, transactionsRefused: 3 });
    step(100);
    expect(cells.slots[cellOf('db.primary')]).toBe(50);
  });
});

describe('locks and work of stores', () => {
  it('adds a lock storm to the contention of writes', () => {
    const { step, state, cellOf } = run({
      faults: [fixtureFault({ kind: 'lock-storm', at: 5, duration: 5, target: store, settings: { contention: 0.4 } })],
    });
    const station = cellOf('db.primary') / CELLS_PER_STATION;
    step();
    expect(state.parameters.contention[station]).toBe(0.01);
    step(5);
    expect(state.parameters.contention[station]).toBeCloseTo(0.41, 12);
    step(5);
    expect(state.parameters.contention[station]).toBe(0.01);
  });

  it('slows the store that a fault names', () => {
    const { step, cells, cellOf } = run({
      faults: [
        fixtureFault({ kind: 'dependency-slow', at: 0, duration: 5, target: store, settings: { factor: 4 } }),
        fixtureFault({ kind: 'dependency-slow', name: 'bank', at: 0, duration: 5, target: { store: 'bank' } }),
      ],
    });
    step();
    const factors = ['db.primary', 'db.replicas', 'cache', 'orders', 'bank'].map(
      (name) => cells.workFactor[cellOf(name)],
    );
    expect(factors).toEqual([4, 4, 1, 1, 5]);
    step(5);
    expect(cells.workFactor[cellOf('db.primary')]).toBe(1);
  });
});

describe('a queue', () => {
  it('has a lag of what was published and not finished, by partitions that differ', () => {
    const { step, flows, row, queue } = run({});
    flows.ok[row('orders', 'publish')] = 100;
    flows.ok[row('worker@eu-1', 'handle')] = 30;
    flows.failedOwn[row('worker@us-1', 'handle')] = 10;
    step();
    expect(queue).toMatchObject({ published: 100, consumed: 40 });
    expect(queue.lag.reduce((sum, lag) => sum + lag, 0)).toBeCloseTo(60, 9);
    expect(Math.min(...queue.lag)).toBeGreaterThan(0);
    expect(Math.max(...queue.lag) / Math.min(...queue.lag)).toBeLessThanOrEqual(3);
    expect(new Set(queue.lag).size).toBe(6);
  });

  it('goes down with all of its zones only', () => {
    const lose = (faults: FaultSpec[]) => {
      const { step, cells, cellOf, lost } = run({ faults });
      step(2);
      return [cells.servers[cellOf('orders')], lost('api@us-1 order -> orders publish')];
    };
    expect(lose([fixtureFault({ kind: 'zone-loss', at: 1, target: { zone: 'eu-a' } })])).toEqual([1, 0]);
    expect(lose([fixtureFault({ kind: 'region-loss', at: 1, target: { region: 'eu' } })])).toEqual([0, 1]);
  });
});

describe('an external service', () => {
  it('fails at its own rate and refuses what is above its limit', () => {
    const { step, cells, cellOf, flows, row } = run({ stores: [fixtureExternal({ errorRatio: 0.02, rateLimit: 50 })] });
    const call = (rate: number) => () => (flows.arrived[row('bank', 'call')]! += rate);
    step(3, call(40));
    expect(cells.errorRatio[cellOf('bank')]).toBe(0.02);
    expect(cells.shedRatio[cellOf('bank')]).toBe(0);
    step(3, call(200));
    expect(cells.shedRatio[cellOf('bank')]).toBeCloseTo(0.75, 12);
    step(2, call(50));
    expect(cells.shedRatio[cellOf('bank')]).toBe(0);
  });

  it('goes down with the region that it stands in', () => {
    const faults = [fixtureFault({ kind: 'region-loss', at: 0, target: { region: 'us' } })];
    const { step, cells, cellOf } = run({ faults, stores: [fixtureExternal({ region: 'us' })] });
    step();
    expect(cells.servers[cellOf('bank')]).toBe(0);
    const elsewhere = run({ faults, stores: [fixtureExternal({ region: 'moon' })] });
    elsewhere.step();
    expect(elsewhere.cells.servers[elsewhere.cellOf('bank')]).toBe(1);
  });
});

describe('stores of a scenario without any', () => {
  it('do nothing', () => {
    const fleet = compileFleet(fixtureScenario({ services: [], stores: [], load: [], slos: [] }));
    const state = fixtureState(fleet);
    stepStores(fleet, state);
    expect(state.stores.generation).toBe(0);
  });
});
