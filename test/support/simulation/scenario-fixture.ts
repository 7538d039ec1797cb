import type {
  CacheSpec,
  CallSpec,
  DatabaseSpec,
  ExternalSpec,
  OperationSpec,
  QueueSpec,
  ServiceSpec,
} from '../../../src/engine/scenario/component.types.js';
import { FAULT_KINDS, type FaultKind, type FaultSpec } from '../../../src/engine/scenario/fault.types.js';
import type { EntryPointSpec } from '../../../src/engine/scenario/load.types.js';
import type { ClusterSpec } from '../../../src/engine/scenario/platform.types.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';

/** Monday, 5 January 2026, 00:00 UTC. */
export const FIXTURE_START = Date.UTC(2026, 0, 5);

/**
 * A small valid scenario: users reach `web`, which calls `api`; `api` reads the cache (and the database on a miss),
 * writes the database and publishes to `orders`, which `worker` consumes. One region, three zones, one cluster.
 */
export function fixtureScenario(overrides: Partial<Scenario> = {}): Scenario {
  return {
    version: 1,
    name: 'fixture',
    title: 'Fixture',
    teaches: 'How the parts fit together.',
    start: FIXTURE_START,
    duration: 3600,
    seed: 42,
    timeZone: 'UTC',
    telemetry: {
      scrapeInterval: 15,
      durationBuckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      namespace: 'default',
      logSampleRatio: 0.001,
    },
    platform: {
      regions: [{ name: 'eu', cloud: 'aws', location: 'eu-central-1', zones: ['eu-a', 'eu-b', 'eu-c'] }],
      clusters: [fixtureCluster()],
      latency: { sameZone: 0.0002, sameRegion: 0.001, betweenRegions: 0.08, pairs: [] },
    },
    services: [
      fixtureService({
        name: 'web',
        operations: [
          fixtureOperation({
            name: 'home',
            method: 'GET',
            route: '/',
            work: { kind: 'log-normal', mean: 0.005, p99: 0.02 },
            cpu: 0.004,
            stages: [[fixtureCall({ component: 'api', operation: 'order' })]],
          }),
        ],
      }),
      fixtureService({
        name: 'api',
        operations: [
          fixtureOperation({
            name: 'order',
            method: 'POST',
            route: '/orders',
            work: { kind: 'log-normal', mean: 0.01, p99: 0.04 },
            cpu: 0.008,
            stages: [
              [
                fixtureCall({
                  component: 'cache',
                  operation: 'get',
                  onMiss: [[fixtureCall({ component: 'db', operation: 'read' })]],
                }),
              ],
              [fixtureCall({ component: 'db', operation: 'write', probability: 0.2 })],
              [fixtureCall({ component: 'orders', operation: 'publish', probability: 0.2 })],
            ],
          }),
        ],
      }),
      fixtureService({
        name: 'worker',
        replicas: 2,
        consumes: { queue: 'orders', operation: 'handle' },
        operations: [
          fixtureOperation({
            name: 'handle',
            method: 'CONSUME',
            route: 'orders',
            work: { kind: 'exponential', mean: 0.02 },
            cpu: 0.01,
          }),
        ],
      }),
    ],
    stores: [fixtureDatabase(), fixtureCache(), fixtureQueue()],
    load: [fixtureEntry()],
    autoscalers: [],
    faults: [],
    changes: [],
    slos: [{ name: 'home-fast', entryPoint: 'users', objective: 0.99, latency: 0.5 }],
    expect: [],
    ...overrides,
  };
}

export function fixtureCluster(overrides: Partial<ClusterSpec> = {}): ClusterSpec {
  return {
    name: 'eu-1',
    region: 'eu',
    nodePools: [
      {
        name: 'general',
        zones: ['eu-a', 'eu-b', 'eu-c'],
        nodes: 3,
        min: 3,
        max: 6,
        cpu: 4,
        memory: 16e9,
        disk: 100e9,
        price: 0.2,
        startup: 90,
      },
    ],
    autoscaler: null,
    ...overrides,
  };
}

/** Three pods of one core; operations are the caller's business. */
export function fixtureService(overrides: Partial<ServiceSpec> & Pick<ServiceSpec, 'name'>): ServiceSpec {
  return {
    clusters: ['eu-1'],
    replicas: 3,
    version: '1.0.0',
    resources: { cpuRequest: 0.5, cpuLimit: 1, memoryRequest: 256e6, memoryLimit: 512e6 },
    startup: { pull: 5, start: 5, ready: 2 },
    concurrency: 64,
    parallelism: 4,
    queueLimit: 100,
    memory: { base: 128e6, perRequest: 1e6 },
    idleCpu: 0.01,
    rollout: { strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } },
    loadShedding: null,
    operations: [],
    consumes: null,
    certificateExpires: Infinity,
    terminationGrace: 30,
    ...overrides,
  };
}

export function fixtureOperation(overrides: Partial<OperationSpec> & Pick<OperationSpec, 'name'>): OperationSpec {
  return {
    method: 'GET',
    route: `/${overrides.name}`,
    work: { kind: 'exponential', mean: 0.01 },
    cpu: 0.01,
    clientErrorRatio: 0,
    errorRatio: 0,
    stages: [],
    ...overrides,
  };
}

export function fixtureCall(overrides: Partial<CallSpec> & Pick<CallSpec, 'component' | 'operation'>): CallSpec {
  return {
    probability: 1,
    fanOut: 1,
    timeout: 1,
    retries: { max: 0, backoff: 0.1, multiplier: 2, maxBackoff: 1, budget: Infinity },
    breaker: null,
    pool: null,
    optional: false,
    onMiss: [],
    ...overrides,
  };
}

export function fixtureDatabase(overrides: Partial<DatabaseSpec> = {}): DatabaseSpec {
  return {
    kind: 'database',
    name: 'db',
    cluster: 'eu-1',
    replicas: 2,
    cores: 4,
    memory: 16e9,
    disk: 100e9,
    diskUsed: 40e9,
    bytesPerWrite: 1000,
    maxConnections: 200,
    read: { kind: 'exponential', mean: 0.002 },
    write: { kind: 'exponential', mean: 0.004 },
    contention: 0.01,
    replicationLag: 0.05,
    failover: 30,
    readFromReplicas: true,
    ...overrides,
  };
}

export function fixtureCache(overrides: Partial<CacheSpec> = {}): CacheSpec {
  return {
    kind: 'cache',
    name: 'cache',
    cluster: 'eu-1',
    latency: { kind: 'exponential', mean: 0.0005 },
    cores: 2,
    memory: 1e9,
    hitRatio: 0.9,
    keys: 10_000,
    bytesPerKey: 1000,
    ...overrides,
  };
}

export function fixtureQueue(overrides: Partial<QueueSpec> = {}): QueueSpec {
  return {
    kind: 'queue',
    name: 'orders',
    cluster: 'eu-1',
    partitions: 6,
    latency: { kind: 'exponential', mean: 0.002 },
    ...overrides,
  };
}

export function fixtureExternal(overrides: Partial<ExternalSpec> = {}): ExternalSpec {
  return {
    kind: 'external',
    name: 'bank',
    region: null,
    latency: { kind: 'log-normal', mean: 0.1, p99: 0.4 },
    errorRatio: 0,
    rateLimit: Infinity,
    ...overrides,
  };
}

/** Users at `web`, 50 a second, all of them in `eu-1`. */
export function fixtureEntry(overrides: Partial<EntryPointSpec> = {}): EntryPointSpec {
  return {
    name: 'users',
    service: 'web',
    operation: 'home',
    rate: 50,
    parts: [],
    client: { timeout: 10, retries: { max: 0, backoff: 1, multiplier: 2, maxBackoff: 10, budget: Infinity } },
    weights: { 'eu-1': 1 },
    dnsTtl: 60,
    ...overrides,
  };
}

/** A fault with the default settings of its kind at full intensity, from 60 s for 300 s. */
export function fixtureFault(overrides: Partial<FaultSpec> & { readonly kind: FaultKind }): FaultSpec {
  const defaults: Record<string, number> = {};
  for (const [name, { default: value }] of Object.entries(FAULT_KINDS[overrides.kind].settings)) defaults[name] = value;
  return {
    name: overrides.kind,
    at: 60,
    duration: 300,
    ramp: 0,
    intensity: 1,
    target: {},
    ...overrides,
    settings: { ...defaults, ...overrides.settings },
  };
}
