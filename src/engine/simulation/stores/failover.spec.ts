import { describe, expect, it } from 'vitest';
import {
  fixtureDatabase,
  fixtureFault,
  fixtureScenario,
} from '../../../../test/support/simulation/scenario-fixture.js';
import { fixtureState } from '../../../../test/support/simulation/state-fixture.js';
import type { DatabaseSpec } from '../../scenario/component.types.js';
import type { FaultSpec } from '../../scenario/fault.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { advanceTimeline } from '../timeline/timeline.js';
import { stepTraffic } from '../traffic/traffic.js';
import { REPLICA_REBUILD_SECONDS } from './failover.js';
import { applyStoreChange, stepStores } from './stores.js';

/** The database `db` with two replicas and a failover of 30 s, in three zones from `eu-a` (0) to `eu-c` (2). */
function run(faults: FaultSpec[], overrides: Partial<DatabaseSpec> = {}) {
  const stores = [fixtureDatabase(overrides), ...fixtureScenario().stores.slice(1)];
  const fleet = compileFleet(fixtureScenario({ faults, stores }));
  const state = fixtureState(fleet);
  const component = fleet.components.find(({ name }) => name === 'db')!;
  const [primaryCell, replicasCell = -1] = component.stations.map((station) => station * CELLS_PER_STATION);
  const { cells } = state.parameters;
  const write = fleet.network.edges.find(({ name }) => name.endsWith('db write'))!.index;
  const database = state.stores.databases[component.index]!;
  return {
    fleet,
    state,
    database,
    /** Runs on to this step and shows it: servers, those killed in it, and whether writes are refused or lost. */
    at(step: number) {
      while (state.step <= step) {
        advanceTimeline(fleet, state.timeline, state.step);
        stepStores(fleet, state);
        stepTraffic(fleet, state);
        state.step++;
      }
      const route = fleet.network.routes.offset[write]!;
      return {
        primary: cells.servers[primaryCell!],
        primaryKilled: cells.killed[primaryCell!],
        replicas: cells.servers[replicasCell] ?? 0,
        replicasKilled: cells.killed[replicasCell] ?? 0,
        refused: state.parameters.routeRefuse[route],
        lost: state.parameters.routeLoss[route],
      };
    },
  };
}

const settled = { primary: 1, primaryKilled: 0, replicas: 2, replicasKilled: 0, refused: 0, lost: 0 };

describe('failover of a database', () => {
  it('is settled at the start', () => {
    expect(run([]).at(0)).toEqual(settled);
  });

  it('goes from the death of the primary over the promotion of a replica to a new replica', () => {
    const { at, database } = run([fixtureFault({ kind: 'database-failover', at: 100, target: { store: 'db' } })]);
    expect(at(99)).toEqual(settled);
    expect(at(100)).toEqual({ ...settled, primary: 0, primaryKilled: 1, refused: 1 });
    expect(at(101)).toEqual({ ...settled, primary: 0, refused: 1 });
    expect(at(129)).toEqual({ ...settled, primary: 0, refused: 1 });
    expect(at(130)).toEqual({ ...settled, replicas: 1 });
    expect(database).toMatchObject({ failovers: 1, primary: { zone: 1 } });
    expect(at(130 + REPLICA_REBUILD_SECONDS - 1)).toEqual({ ...settled, replicas: 1 });
    expect(at(130 + REPLICA_REBUILD_SECONDS)).toEqual(settled);
    expect(database.replicas.map(({ zone }) => zone)).toEqual([0, 2]);
  });

  it('does the same when an operator asks for it', () => {
    const { at, fleet, state, database } = run([]);
    at(9);
    applyStoreChange(fleet, state, { kind: 'failover', store: 'db' });
    applyStoreChange(fleet, state, { kind: 'failover', store: 'cache' });
    expect(at(10)).toEqual({ ...settled, primary: 0, primaryKilled: 1, refused: 1 });
    expect(at(39)).toMatchObject({ primary: 0 });
    expect(at(40)).toMatchObject({ primary: 1, replicas: 1, refused: 0 });
    expect(database.failovers).toBe(1);
  });

  it('fails over from a lost zone and rebuilds elsewhere', () => {
    const { at, database } = run([
      fixtureFault({ kind: 'zone-loss', at: 50, duration: 2000, target: { zone: 'eu-a' } }),
    ]);
    expect(at(50)).toMatchObject({ primary: 0, primaryKilled: 1, replicas: 2 });
    expect(at(80)).toMatchObject({ primary: 1, replicas: 1 });
    expect(at(80 + REPLICA_REBUILD_SECONDS)).toMatchObject({ primary: 1, replicas: 2 });
    expect(database.primary.zone).toBe(1);
    expect(database.replicas.map(({ zone }) => zone)).not.toContain(0);
  });

  it('loses a replica with its zone', () => {
    const { at } = run([fixtureFault({ kind: 'zone-loss', at: 50, duration: 60, target: { zone: 'eu-c' } })]);
    expect(at(50)).toEqual({ ...settled, replicas: 1, replicasKilled: 1 });
    expect(at(51)).toEqual({ ...settled, replicas: 1 });
    expect(at(50 + REPLICA_REBUILD_SECONDS)).toEqual(settled);
  });

  it('is down with its region and comes back with it', () => {
    const { at, database } = run([
      fixtureFault({ kind: 'region-loss', at: 50, duration: 300, target: { region: 'eu' } }),
    ]);
    // Nobody is left to refuse.
    expect(at(50)).toEqual({ primary: 0, primaryKilled: 1, replicas: 0, replicasKilled: 2, refused: 0, lost: 1 });
    expect(at(349)).toMatchObject({ primary: 0, replicas: 0, lost: 1 });
    expect(at(350)).toMatchObject({ primary: 1, replicas: 0, refused: 0, lost: 0 });
    expect(database.failovers).toBe(0);
    expect(at(650)).toMatchObject({ primary: 1, replicas: 2 });
  });

  it('is down with its cloud', () => {
    const { at } = run([fixtureFault({ kind: 'cloud-loss', at: 5, target: { cloud: 'aws' } })]);
    expect(at(5)).toMatchObject({ primary: 0, replicas: 0 });
    const other = run([fixtureFault({ kind: 'cloud-loss', at: 5, target: { cloud: 'gcp' } })]);
    expect(other.at(5)).toEqual(settled);
  });

  it('restarts where it is when there is no replica', () => {
    const { at, database } = run([fixtureFault({ kind: 'database-failover', at: 10, target: { store: 'db' } })], {
      replicas: 0,
    });
    expect(at(10)).toMatchObject({ primary: 0, refused: 1 });
    expect(at(40)).toMatchObject({ primary: 1, refused: 0 });
    expect(database.failovers).toBe(0);
  });

  it('reads from the primary while there is no replica, and fails reads with neither', () => {
    const { at, fleet, state } = run(
      [fixtureFault({ kind: 'zone-loss', at: 10, duration: 5, target: { zone: 'eu-b' } })],
      { replicas: 1 },
    );
    const read = fleet.network.edges.find(({ name }) => name.endsWith('db read'))!.index;
    const route = fleet.network.routes.offset[read]!;
    at(9);
    expect([...state.parameters.routeWeight.slice(route, route + 2)]).toEqual([0, 1]);
    at(10);
    expect([...state.parameters.routeWeight.slice(route, route + 2)]).toEqual([1, 0]);
  });
});
