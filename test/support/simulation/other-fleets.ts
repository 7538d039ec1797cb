import { buildNetwork, exponential, logNormal, type NetworkFixture } from './network-fixture.js';
import type { CompareSubject } from './compare-solvers.js';

/** A fleet unlike the shop, with the loads at which it is compared. */
export interface OtherFleet extends CompareSubject {
  readonly by: 'workers' | 'places';
  readonly loads: readonly number[];
}

function fleet(name: string, fixture: NetworkFixture, by: OtherFleet['by'], loads: readonly number[]): OtherFleet {
  const { network, parameters } = buildNetwork(fixture);
  const candidates = network.stations.filter(({ kind }) => kind === 'servers').map(({ index }) => index);
  const mix = new Float64Array(network.entries.length).fill(1 / network.entries.length);
  return { name, network, parameters, mix, candidates, by, loads };
}

/** Each asks something of the fluid that the shop does not. */
export function otherFleets(): readonly OtherFleet[] {
  return [slotLimited(), cached(), pooled(), retried(), forked()];
}

/** Requests hold one of a few places for a slow call: the places are full long before the workers are busy. */
function slotLimited(): OtherFleet {
  const stations = {
    proxy: {
      ...{ servers: 4, workers: 2, slots: 8, queueLimit: 50 },
      operations: { get: { work: exponential(0.002), stages: [[{ to: 'partner.call' }]] } },
    },
    partner: { kind: 'delay', operations: { call: { work: logNormal(0.08, 0.8) } } },
  } as const;
  const entries = { users: { to: 'proxy.get', timeout: 10 } };
  return fleet('few places, slow partner', { stations, entries }, 'places', [0.3, 0.6, 0.8, 0.9]);
}

/** Two caches one after the other, with hit ratios of 80 % and 60 %, before a database that only their misses reach. */
function cached(): OtherFleet {
  const store = { servers: 1, slots: 500 };
  const origin = [[{ to: 'db.read', timeout: 2 }]];
  const stations = {
    api: {
      ...{ servers: 4, workers: 2, slots: 200, queueLimit: 200 },
      operations: {
        get: {
          work: logNormal(0.003, 1),
          stages: [[{ to: 'near.get', onMiss: [[{ to: 'far.get', delay: 0.001, onMiss: origin }]] }]],
        },
      },
    },
    near: { ...store, workers: 2, operations: { get: { work: exponential(0.0004), hitRatio: 0.8 } } },
    far: { ...store, workers: 1, operations: { get: { work: exponential(0.001), hitRatio: 0.6 } } },
    db: { ...store, workers: 4, operations: { read: { work: logNormal(0.02, 2) } } },
  } as const;
  return fleet('two caches', { stations, entries: { users: { to: 'api.get' } } }, 'workers', [0.3, 0.6, 0.8, 0.9]);
}

/** Three connections per pod to a database that has time. */
function pooled(): OtherFleet {
  const call = { to: 'db.read', pool: 3, poolTimeout: 0.5 };
  const stations = {
    api: {
      ...{ servers: 3, workers: 4, slots: 200, queueLimit: 200 },
      operations: { get: { work: exponential(0.002), stages: [[call]] } },
    },
    db: { workers: 8, slots: 100, operations: { read: { work: logNormal(0.01, 1) } } },
  } as const;
  // 3 pods x 3 connections / 10 ms are full at 900/s; the 8 workers of the database, the bottleneck, at 800/s.
  return fleet('small pools', { stations, entries: { users: { to: 'api.get' } } }, 'workers', [0.3, 0.6, 0.8, 0.9]);
}

/** Callers give up after half a second and try twice more: near and above full, retries make the load. */
function retried(): OtherFleet {
  const stations = {
    api: {
      ...{ servers: 2, workers: 4, slots: 300, queueLimit: 300 },
      operations: { get: { work: exponential(0.001), stages: [[{ to: 'worker.do', timeout: 0.5, retries: 2 }]] } },
    },
    worker: {
      ...{ servers: 4, workers: 2, slots: 20, queueLimit: 20 },
      operations: { do: { work: logNormal(0.02, 1), errorRatio: 0.01 } },
    },
  } as const;
  const entries = { users: { to: 'api.get', timeout: 5 } };
  return fleet('timeouts and retries', { stations, entries }, 'workers', [0.6, 0.9, 1, 1.1]);
}

/** Five calls at once to the same service: their waits are not independent, as they arrive together. */
function forked(): OtherFleet {
  const stations = {
    search: {
      ...{ servers: 3, workers: 4 },
      operations: { get: { work: exponential(0.001), stages: [[{ to: 'shard.query', fanOut: 5 }]] } },
    },
    shard: { servers: 4, workers: 1, operations: { query: { work: exponential(0.01) } } },
  } as const;
  return fleet(
    'five calls at once',
    { stations, entries: { users: { to: 'search.get' } } },
    'workers',
    [0.3, 0.6, 0.8, 0.9],
  );
}
