import { describe, expect, it } from 'vitest';
import { RICH } from '../../../test/support/scenario/rich-scenario.js';
import { parseText, SMALL, small } from '../../../test/support/scenario/scenario-text.js';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

describe('a file that uses nearly everything', () => {
  const scenario = parseText(RICH);
  const named = <Item extends { readonly name: string }>(items: readonly Item[], name: string) =>
    items.find((item) => item.name === name);

  it('has its head in seconds and instants', () => {
    // 08:00 in Berlin is 07:00 UTC in winter.
    expect(scenario).toMatchObject({
      version: 1,
      name: 'everything',
      start: Date.UTC(2026, 0, 5, 7),
      duration: 7200,
      seed: 7,
      timeZone: 'Europe/Berlin',
    });
    expect(scenario.telemetry).toEqual({
      scrapeInterval: 30,
      durationBuckets: [0.01, 0.1, 1],
      namespace: 'shop',
      logSampleRatio: 0.01,
    });
  });

  it('has a platform of places, nodes and round trips', () => {
    const { regions, clusters, latency } = scenario.platform;
    expect(regions).toEqual([
      { name: 'eu', cloud: 'aws', location: 'eu-central-1', zones: ['eu-a', 'eu-b'] },
      { name: 'us', cloud: 'gcp', location: 'us', zones: ['us-a', 'us-b'] },
    ]);
    expect(clusters[0]).toEqual({
      name: 'eu-1',
      region: 'eu',
      nodePools: [
        {
          name: 'general',
          zones: ['eu-a'],
          nodes: 3,
          min: 2,
          max: 9,
          cpu: 8,
          memory: 32 * GiB,
          disk: 200 * GiB,
          price: 0.4,
          startup: 120,
        },
      ],
      autoscaler: { scanInterval: 20, scaleDownUtilization: 0.4, scaleDownUnneeded: 300, scaleDownDelayAfterAdd: 300 },
    });
    expect(latency).toEqual({
      sameZone: 0.0001,
      sameRegion: 0.002,
      betweenRegions: 0.09,
      pairs: [{ a: 'eu', b: 'us', roundTrip: 0.085 }],
    });
  });

  it('has services with resources, phases and rollouts', () => {
    expect(named(scenario.services, 'web')).toMatchObject({
      clusters: ['eu-1', 'us-1'],
      replicas: 3,
      version: 'v1',
      resources: { cpuRequest: 0.25, cpuLimit: 1, memoryRequest: 128 * MiB, memoryLimit: 512 * MiB },
      startup: { pull: 3, start: 4, ready: 1 },
      concurrency: 32,
      parallelism: 8,
      queueLimit: 50,
      memory: { base: 80 * MiB, perRequest: 131_072 },
      idleCpu: 0.02,
      // A step without a pause of its own lasts five minutes.
      rollout: {
        strategy: 'canary',
        steps: [
          { weight: 0.1, pause: 300 },
          { weight: 0.5, pause: 300 },
        ],
      },
      loadShedding: { targetQueueSeconds: 0.2 },
      certificateExpires: 30 * 86_400,
      terminationGrace: 20,
    });
    expect(named(scenario.services, 'worker')).toMatchObject({
      consumes: { queue: 'jobs', operation: 'request' },
      rollout: { strategy: 'recreate' },
      operations: [{ method: 'CONSUME', route: 'jobs', work: { kind: 'deterministic', mean: 0.03 }, cpu: 0.03 }],
    });
    expect(named(scenario.services, 'cart')?.operations[0]).toMatchObject({
      work: { kind: 'empirical', quantiles: [0.001, 0.005, 0.02] },
      // Mean of the quantile function by trapezia: (0.5 x 1 + 5 + 0.5 x 20) / 2 ms.
      cpu: expect.closeTo(0.00775, 12) as unknown,
    });
  });

  it('has calls in stages: one after another, at once, and on a miss', () => {
    const [home] = named(scenario.services, 'web')!.operations;
    expect(home).toMatchObject({
      method: 'GET',
      route: '/',
      work: { kind: 'log-normal', mean: 0.008, p99: 0.04 },
      cpu: 0.005,
      clientErrorRatio: 0.01,
      errorRatio: 0.001,
    });
    // A sequential fan-out of two is two stages.
    expect(home!.stages.map((stage) => stage.map(({ component, operation }) => `${component}.${operation}`))).toEqual([
      ['cart.request'],
      ['cart.request'],
      ['cart.request'],
      ['sessions.get', 'payments.call'],
    ]);
    expect(home!.stages[0]![0]).toMatchObject({
      timeout: 5,
      probability: 1,
      fanOut: 1,
      retries: { max: 0 },
      breaker: null,
      pool: null,
      optional: false,
    });
    expect(home!.stages[1]![0]).toMatchObject({
      timeout: 0.5,
      probability: 0.5,
      fanOut: 1,
      optional: true,
      retries: { max: 2, backoff: 0.1, multiplier: 2, maxBackoff: 10, budget: Infinity },
    });
    const [get, pay] = home!.stages[3]!;
    expect(get).toMatchObject({ pool: { size: 20, timeout: 1 } });
    expect(get!.onMiss[0]![0]).toMatchObject({
      component: 'db',
      operation: 'read',
      retries: { max: 1, backoff: 0.05, multiplier: 3, maxBackoff: 1, budget: 0.2 },
    });
    expect(pay).toMatchObject({ breaker: { errorRatio: 0.3, minimumCalls: 10, window: 20, openFor: 10 } });
    // `breaker: true` is Hystrix' default: half of 20 calls in 10 s, open for 5 s; `pool: 10` waits without limit.
    expect(named(scenario.services, 'cart')!.operations[0]!.stages[0]![0]).toMatchObject({
      breaker: { errorRatio: 0.5, minimumCalls: 20, window: 10, openFor: 5 },
      pool: { size: 10, timeout: Infinity },
    });
  });

  it('has stores of all kinds', () => {
    expect(scenario.stores).toEqual([
      {
        kind: 'database',
        name: 'db',
        cluster: 'eu-1',
        replicas: 2,
        cores: 8,
        memory: 32 * GiB,
        disk: 100 * GiB,
        diskUsed: 30 * GiB,
        bytesPerWrite: 2048,
        maxConnections: 300,
        read: { kind: 'exponential', mean: 0.002 },
        write: { kind: 'exponential', mean: 0.006 },
        contention: 0.02,
        replicationLag: 0.02,
        failover: 40,
        readFromReplicas: false,
      },
      {
        kind: 'cache',
        name: 'sessions',
        cluster: 'eu-1',
        latency: { kind: 'exponential', mean: 0.0003 },
        cores: 2,
        memory: 2 * GiB,
        hitRatio: 0.9,
        keys: 50_000,
        bytesPerKey: 2048,
      },
      { kind: 'queue', name: 'jobs', cluster: 'eu-1', partitions: 4, latency: { kind: 'exponential', mean: 0.003 } },
      {
        kind: 'external',
        name: 'payments',
        region: 'us',
        latency: { kind: 'exponential', mean: 0.1 },
        errorRatio: 0.005,
        rateLimit: 200,
      },
    ]);
  });

  it('has load in parts', () => {
    const [shoppers, recorded] = scenario.load;
    expect(shoppers).toMatchObject({
      service: 'web',
      operation: 'home',
      rate: 120,
      weights: { 'eu-1': 0.7, 'us-1': 0.3 },
      dnsTtl: 120,
      client: { timeout: 8, retries: { max: 1 } },
    });
    expect(shoppers!.parts).toEqual([
      { kind: 'daily', amplitude: 0.6, peak: 20.5, sharpness: 2 },
      { kind: 'weekly', days: [1, 1, 1, 1, 1.2, 0.8, 0.7] },
      { kind: 'trend', perDay: 0.01 },
      { kind: 'noise', cv: 0.05, correlation: 120 },
      { kind: 'bursts', perDay: 6, factor: 2, duration: 180 },
      { kind: 'flash-crowd', at: 1800, factor: 4, rise: 60, hold: 300, decay: 600 },
      { kind: 'ramp', at: 3600, duration: 600, from: 1, to: 1.5 },
    ]);
    expect(recorded!.parts).toEqual([{ kind: 'replay', times: [0, 600], values: [7.5, 13.5], repeat: true }]);
  });

  it('has changes, promises and expectations, one for each measure', () => {
    expect(scenario.changes.map(({ at, kind }) => [at, kind])).toEqual([
      [300, 'deploy'],
      [360, 'scale'],
      [420, 'load'],
      [480, 'traffic'],
      [540, 'failover'],
      [600, 'restart'],
    ]);
    expect(scenario.changes[0]).toMatchObject({
      effects: {
        errorRatio: 0.01,
        latencyFactor: 1.1,
        cpuFactor: 1.2,
        leakPerRequest: 100,
        crashAfter: 0,
        neverReady: false,
      },
    });
    expect(scenario.changes[3]).toMatchObject({ entryPoint: null, weights: { 'eu-1': 1, 'us-1': 0 } });
    expect(scenario.slos).toEqual([{ name: 'fast', entryPoint: 'shoppers', objective: 0.995, latency: 0.5 }]);
    expect(scenario.expect).toEqual([
      { kind: 'slo', slo: 'fast', measure: 'bad-ratio', bound: { max: 0.05 } },
      { kind: 'slo', slo: 'fast', measure: 'budget-spent', bound: { max: 9 } },
      { kind: 'harm-duration', slo: 'fast', bound: { max: 1800 } },
      { kind: 'replicas', service: 'web', measure: 'min', bound: { min: 1 } },
      { kind: 'replicas', service: 'web', measure: 'max', bound: { max: 12 } },
      { kind: 'replicas', service: 'web', measure: 'mean', bound: { min: 1, max: 9 } },
      { kind: 'replicas', service: 'web', measure: 'final', bound: { min: 1, max: 12 } },
      { kind: 'replicas', service: 'web', measure: 'changes', bound: { max: 50 } },
      { kind: 'restarts', service: 'web', bound: { max: 0 } },
      { kind: 'latency', entryPoint: 'shoppers', quantile: 0.5, bound: { max: 1 } },
      { kind: 'latency', entryPoint: 'shoppers', quantile: 0.99, bound: { max: 5 } },
      { kind: 'error-ratio', entryPoint: 'shoppers', bound: { max: 0.1 } },
      { kind: 'recovery', fault: 'far', bound: { max: 600 } },
      { kind: 'detection', fault: 'far', bound: { max: 300 } },
      { kind: 'consumer-lag', queue: 'jobs', measure: 'max', bound: { max: 5000 } },
      { kind: 'consumer-lag', queue: 'jobs', measure: 'final', bound: { min: 0, max: 10 } },
      { kind: 'oom-kills', service: null, bound: { min: 0, max: 0 } },
      { kind: 'unschedulable-pods', service: null, bound: { max: 3 } },
      { kind: 'cost', bound: { max: 90 } },
      { kind: 'incidents', bound: { min: 1, max: 1 } },
    ]);
  });
});

describe('what is left out', () => {
  const scenario = parseText(SMALL);

  it('has the defaults that the reference names', () => {
    expect(scenario).toMatchObject({
      name: 'shop',
      title: 'shop',
      duration: 86_400,
      seed: 42,
      timeZone: 'UTC',
      start: Date.UTC(2026, 0, 5),
      notes: [],
    });
    expect(scenario.services[0]).toMatchObject({
      clusters: ['eu-1'],
      replicas: 2,
      version: '1.0.0',
      resources: { cpuRequest: 0.5, cpuLimit: 1, memoryRequest: 256 * MiB, memoryLimit: 512 * MiB },
      startup: { pull: 5, start: 5, ready: 5 },
      concurrency: 64,
      parallelism: 64,
      queueLimit: 100,
      memory: { base: 128 * MiB, perRequest: 262_144 },
      rollout: { strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } },
      loadShedding: null,
      certificateExpires: Infinity,
      terminationGrace: 30,
    });
  });

  it('is a platform that holds the most that the services can be scaled to', () => {
    const [cluster] = scenario.platform.clusters;
    const [pool] = cluster!.nodePools;
    // Three services of two pods of half a core: 3 cores, and half as much again, on nodes of 4 in each of 3 zones.
    expect(cluster).toMatchObject({ name: 'eu-1', region: 'eu', autoscaler: null });
    expect(pool).toMatchObject({ name: 'default', zones: ['eu-a', 'eu-b', 'eu-c'], nodes: 3, min: 3, max: 3, cpu: 4 });
  });

  it.each([
    [
      'requests only: no limits',
      '{ requests: { cpu: 1, memory: 1Gi } }',
      { cpuRequest: 1, cpuLimit: Infinity, memoryRequest: GiB, memoryLimit: Infinity },
    ],
    [
      'limits only: the requests are the same',
      '{ limits: { cpu: 1, memory: 1Gi } }',
      { cpuRequest: 1, cpuLimit: 1, memoryRequest: GiB, memoryLimit: GiB },
    ],
  ])('of resources is what Kubernetes makes of it: %s', (_, resources, wanted) => {
    const text = SMALL.replace('work: 5ms\n', `work: 5ms\n    resources: ${resources}\n`);
    expect(parseText(text).services[0]?.resources).toEqual(wanted);
  });

  it('of the names of a file and a title is the name of the file', () => {
    expect(parseText(SMALL, { file: 'scenarios/Black Friday 2026.yaml' }).name).toBe('black-friday-2026');
    expect(parseText(small('name: mine\n')).title).toBe('mine');
  });
});
