import { FAULT_KINDS, type FaultKind, type FaultTarget } from '../../../src/engine/scenario/fault.types.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';
import {
  fixtureCache,
  fixtureCall,
  fixtureCluster,
  fixtureDatabase,
  fixtureEntry,
  fixtureExternal,
  fixtureFault,
  fixtureOperation,
  fixtureQueue,
  fixtureScenario,
  fixtureService,
} from './scenario-fixture.js';

const TARGETS: Readonly<Record<string, FaultTarget>> = {
  service: { service: 'api' },
  store: { store: 'db' },
  link: { region: 'eu', to: { region: 'us' } },
  zone: { zone: 'eu-a' },
  region: { region: 'us' },
  cloud: { cloud: 'azure' },
  entry: {},
};

const STORES: Partial<Record<FaultKind, FaultTarget>> = {
  'disk-full': { store: 'db' },
  'cache-flush': { store: 'cache' },
  'consumer-stuck': { service: 'worker' },
  'node-drain': { cluster: 'eu-1' },
  'node-loss': { zone: 'eu-b' },
  'clock-skew': { zone: 'eu-b' },
  'noisy-neighbour': { zone: 'eu-b' },
};

/** Two regions of two clouds, every kind of store, every property of a call, and every fault, one after another. */
export function allFeaturesScenario(overrides: Partial<Scenario> = {}): Scenario {
  const clusters = ['eu-1', 'us-1'];
  const guarded = {
    timeout: 0.5,
    retries: { max: 2, backoff: 0.05, multiplier: 2, maxBackoff: 1, budget: 0.2 },
    breaker: { errorRatio: 0.5, minimumCalls: 20, window: 10, openFor: 30 },
  };
  return fixtureScenario({
    platform: {
      regions: [
        { name: 'eu', cloud: 'aws', location: 'eu-central-1', zones: ['eu-a', 'eu-b', 'eu-c'] },
        { name: 'us', cloud: 'azure', location: 'eastus', zones: ['us-a', 'us-b', 'us-c'] },
      ],
      clusters: [
        fixtureCluster(),
        fixtureCluster({
          name: 'us-1',
          region: 'us',
          nodePools: [{ ...fixtureCluster().nodePools[0]!, zones: ['us-a', 'us-b', 'us-c'] }],
        }),
      ],
      latency: {
        sameZone: 0.0002,
        sameRegion: 0.001,
        betweenRegions: 0.15,
        pairs: [{ a: 'eu', b: 'us', roundTrip: 0.08 }],
      },
    },
    services: [
      fixtureService({
        name: 'web',
        clusters,
        loadShedding: { targetQueueSeconds: 0.1 },
        operations: [
          fixtureOperation({
            name: 'home',
            stages: [
              [
                fixtureCall({ component: 'api', operation: 'order', ...guarded }),
                fixtureCall({ component: 'api', operation: 'list', fanOut: 2, probability: 0.5, optional: true }),
              ],
            ],
          }),
        ],
      }),
      fixtureService({
        name: 'api',
        clusters,
        certificateExpires: 3500,
        operations: [
          fixtureOperation({
            name: 'order',
            work: { kind: 'log-normal', mean: 0.01, p99: 0.04 },
            stages: [
              [fixtureCall({ component: 'db', operation: 'write', pool: { size: 20, timeout: 0.5 } })],
              [
                fixtureCall({ component: 'orders', operation: 'publish' }),
                fixtureCall({ component: 'bank', operation: 'call', ...guarded }),
              ],
            ],
          }),
          fixtureOperation({
            name: 'list',
            work: { kind: 'empirical', quantiles: [0.001, 0.002, 0.01] },
            stages: [
              [
                fixtureCall({
                  component: 'cache',
                  operation: 'get',
                  onMiss: [
                    [fixtureCall({ component: 'db', operation: 'read', pool: { size: 20, timeout: 0.5 } })],
                    [fixtureCall({ component: 'cache', operation: 'get' })],
                  ],
                }),
              ],
            ],
          }),
        ],
      }),
      fixtureService({
        name: 'worker',
        clusters,
        replicas: 2,
        consumes: { queue: 'orders', operation: 'handle' },
        operations: [fixtureOperation({ name: 'handle', work: { kind: 'deterministic', mean: 0.02 } })],
      }),
    ],
    stores: [fixtureDatabase(), fixtureCache(), fixtureQueue(), fixtureExternal({ rateLimit: 100 })],
    load: [fixtureEntry({ weights: { 'eu-1': 0.7, 'us-1': 0.3 } })],
    faults: Object.entries(FAULT_KINDS).map(([kind, { targets }], i) =>
      fixtureFault({
        kind: kind as FaultKind,
        at: 60 + 90 * i,
        duration: 60,
        ramp: i % 3 === 0 ? 30 : 0,
        target: STORES[kind as FaultKind] ?? TARGETS[targets[0]!] ?? {},
      }),
    ),
    changes: [
      { at: 30, kind: 'traffic', entryPoint: null, weights: { 'eu-1': 0.5, 'us-1': 0.5 } },
      { at: 40, kind: 'failover', store: 'db' },
      { at: 50, kind: 'load', entryPoint: 'users', factor: 1.5 },
    ],
    ...overrides,
  });
}
