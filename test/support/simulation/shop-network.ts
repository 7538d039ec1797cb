import {
  buildNetwork,
  logNormal,
  type BuiltNetwork,
  type CallFixture,
  type NetworkFixture,
  type OperationFixture,
  type StationFixture,
} from './network-fixture.js';

type Stages = readonly (readonly CallFixture[])[];

/**
 * A shop of twelve services with their stores, like the reference fleet: 25 operations, about 50 calls, timeouts,
 * retries, pools, a cache with misses, a broker with its consumer. Several copies stand beside each other.
 *
 * @returns with entries `browse`, `product`, `search`, `add` and `order` (of each copy)
 */
export function shopNetwork(copies = 1): BuiltNetwork {
  const stations: Record<string, StationFixture> = {};
  const entries: Record<string, CallFixture> = {};
  for (let copy = 0; copy < copies; copy++) {
    const suffix = copy === 0 ? '' : `-${copy}`;
    const part = shop(suffix);
    Object.assign(stations, part.stations);
    Object.assign(entries, part.entries);
  }
  return buildNetwork({ stations, entries });
}

/** Users per second of the entries of one copy, at their usual proportion; they sum to 1. */
export const SHOP_MIX = [0.4, 0.33, 0.15, 0.09, 0.03];

function shop(suffix: string): NetworkFixture {
  const call = (station: string, operation: string, more: Partial<CallFixture> = {}): CallFixture => ({
    ...{ to: `${station}${suffix}.${operation}`, timeout: 2, retries: 1, delay: 0.0005 },
    ...more,
  });
  const service = (servers: number, operations: StationFixture['operations'], more: Partial<StationFixture> = {}) => ({
    ...{ servers, workers: 2, slots: 100, queueLimit: 100, operations },
    ...more,
  });
  const work = (mean: number, stages: Stages = []): OperationFixture => ({
    ...{ work: logNormal(mean, 0.9), errorRatio: 0.0002, stages },
  });
  const stores: NetworkFixture['stations'] = {
    catalogDb: service(2, { read: work(0.006) }, { workers: 4 }),
    ordersDb: service(
      1,
      { read: work(0.005), write: { ...work(0.006), contends: true } },
      { workers: 4, contention: 0.02 },
    ),
    inventoryDb: service(1, { read: work(0.003), write: work(0.007) }, { workers: 4 }),
    accountsDb: service(1, { read: work(0.002) }),
    cache: service(1, { get: { ...work(0.0006), hitRatio: 0.94 } }, { workers: 1 }),
    events: {
      kind: 'delay',
      operations: { publish: work(0.003, [[call('mailer', 'send', { async: true, timeout: Infinity, retries: 0 })]]) },
    },
    provider: { kind: 'delay', operations: { call: { work: logNormal(0.18, 0.6), errorRatio: 0.002 } } },
  };
  const pool = { pool: 20, poolTimeout: 0.5 };
  const lookup = call('cache', 'get', { timeout: 0.2, onMiss: [[call('catalogDb', 'read', pool)]] });
  const services: NetworkFixture['stations'] = {
    web: service(5, {
      home: work(0.004, [
        [
          call('catalog', 'list'),
          call('recommend', 'user', { probability: 0.8, timeout: 0.4, retries: 0, optional: true }),
        ],
      ]),
      product: work(0.004, [
        [
          call('catalog', 'get'),
          call('inventory', 'stock', { timeout: 1, optional: true }),
          call('recommend', 'similar', { timeout: 0.4, retries: 0, optional: true }),
        ],
      ]),
      search: work(0.004, [[call('search', 'query', { timeout: 3 })]]),
      add: work(0.005, [[call('accounts', 'session')], [call('cart', 'add')]]),
      order: work(0.006, [[call('accounts', 'session')], [call('checkout', 'place', { timeout: 8, retries: 0 })]]),
    }),
    catalog: service(3, { list: work(0.006, [[lookup]]), get: work(0.005, [[lookup]]) }),
    search: service(3, { query: work(0.02) }),
    recommend: service(3, { user: work(0.009), similar: work(0.008) }),
    cart: service(2, {
      add: work(0.006, [[call('inventory', 'stock')], [call('cache', 'get', { timeout: 0.2 })]]),
      read: work(0.004, [[call('cache', 'get', { timeout: 0.2 })]]),
    }),
    checkout: service(
      2,
      {
        place: work(0.014, [
          [call('cart', 'read')],
          [call('inventory', 'reserve'), call('shipping', 'quote')],
          [call('payments', 'authorize', { timeout: 5 })],
          [call('orders', 'create', { timeout: 3 })],
        ]),
      },
      { workers: 1 },
    ),
    payments: service(2, { authorize: work(0.008, [[call('provider', 'call', { timeout: 4 })]]) }, { workers: 1 }),
    orders: service(
      2,
      {
        create: work(0.009, [
          [call('ordersDb', 'write', pool)],
          [call('events', 'publish', { timeout: 1, retries: 2 })],
        ]),
      },
      { workers: 1 },
    ),
    inventory: service(3, {
      stock: work(0.005, [[call('inventoryDb', 'read', pool)]]),
      reserve: work(0.006, [[call('inventoryDb', 'write', pool)]]),
    }),
    shipping: service(2, { quote: work(0.01) }, { workers: 1 }),
    accounts: service(2, { session: work(0.004, [[call('accountsDb', 'read', pool)]]) }, { workers: 1 }),
    mailer: {
      ...service(2, { send: work(0.03, [[call('provider', 'call', { timeout: 5, retries: 2 })]]) }),
      ...{ dispatch: 'shared', workers: 1, slots: 8, queueLimit: Infinity },
    },
  };
  const named = Object.entries({ ...services, ...stores }).map(([name, spec]) => [name + suffix, spec] as const);
  const entry = (operation: string) => call('web', operation, { timeout: 10, delay: 0 });
  const names = ['home', 'product', 'search', 'add', 'order'];
  return {
    stations: Object.fromEntries(named),
    entries: Object.fromEntries(names.map((name) => [name + suffix, entry(name)])),
  };
}
