import { FAULT_KINDS, type FaultKind, type FaultSetting } from '../../../src/engine/scenario/fault.types.js';
import { nextBelow, type RandomStream } from '../../../src/engine/simulation/random/random.js';
import { chance, pick, randomServices, randomStores, type Names } from './random-components.js';

/** Steps that a random scenario is meant to be run for. */
export const RANDOM_DURATION = 240;

/**
 * The text of a scenario as somebody might write it who tries everything at once (JSON is YAML): one or two clouds,
 * services in layers, every kind of store, autoscalers, changes, and faults, the named ones among them.
 *
 * @param kinds faults that it must have; others are added
 */
export function randomScenarioText(random: RandomStream, kinds: readonly FaultKind[]): string {
  const regions = chance(random, 0.5) ? ['eu'] : ['eu', 'us'];
  const clusters = regions.map((region) => `${region}-1`);
  const names: Names = {
    services: Array.from({ length: 2 + nextBelow(random, 4) }, (_, i) => `s${i}`),
    stores: { db: 'database', cache: 'cache', events: 'queue', bank: 'external' },
    consumer: 'worker',
  };
  const faults = [...kinds, ...Array.from({ length: nextBelow(random, 4) }, () => pick(random, ALL_KINDS))];
  return JSON.stringify({
    dsim: 1,
    name: 'random',
    duration: `${RANDOM_DURATION}s`,
    seed: nextBelow(random, 1e6),
    telemetry: { scrapeInterval: '5s', logSampleRatio: 0.01 },
    platform: {
      regions: Object.fromEntries(
        regions.map((region, i) => [region, { cloud: ['aws', 'azure'][i], zones: 1 + nextBelow(random, 3) }]),
      ),
      clusters: Object.fromEntries(clusters.map((cluster, i) => [cluster, randomCluster(random, regions[i]!)])),
    },
    services: randomServices(random, names),
    stores: randomStores(random),
    load: Object.fromEntries(
      names.services.slice(0, 2).map((service) => [`to-${service}`, randomLoad(random, service)]),
    ),
    kubernetes: names.services.flatMap((service) => (chance(random, 0.4) ? [autoscaler(random, service)] : [])),
    faults: faults.map((kind, i) => randomFault(random, kind, `fault-${i}`, names, regions)),
    changes: Array.from({ length: nextBelow(random, 4) }, () => randomChange(random, names, clusters)),
    slos: [{ name: 'fast', entry: 'to-s0', objective: '99%', latency: '500ms' }],
  });
}

const ALL_KINDS = Object.keys(FAULT_KINDS) as FaultKind[];

function randomCluster(random: RandomStream, region: string): object {
  const autoscaler = chance(random, 0.5);
  const pool = { nodes: 2 + nextBelow(random, 3), cpu: 4, memory: '8Gi', startup: '30s' };
  return { region, autoscaler, nodePools: { main: autoscaler ? { ...pool, max: 8 } : pool } };
}

function randomLoad(random: RandomStream, service: string): object {
  return {
    to: `${service}.a`,
    rate: pick(random, [0.2, 5, 40, 120]),
    shape: [{ noise: { cv: '20%', correlation: '30s' } }, ...(chance(random, 0.3) ? [flash(random)] : [])],
    client: { timeout: pick(random, ['300ms', '2s', '10s']), retries: pick(random, [0, 1, 3]) },
    dnsTtl: pick(random, ['0s', '30s']),
  };
}

function flash(random: RandomStream): object {
  return { flashCrowd: { at: '30s', factor: pick(random, [2, 10]), rise: '10s', hold: '20s', decay: '20s' } };
}

function autoscaler(random: RandomStream, name: string): object {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  const target = { type: 'Utilization', averageUtilization: pick(random, [10, 50, 80]) };
  const metrics = [{ type: 'Resource', resource: { name: pick(random, ['cpu', 'memory']), target } }];
  const behavior = chance(random, 0.5) ? { scaleDown: { stabilizationWindowSeconds: 0 } } : {};
  return {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name } },
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 6, metrics, behavior },
  };
}

/** Settings over their whole range, near the ends rather than in the middle. */
function randomFault(
  random: RandomStream,
  kind: FaultKind,
  name: string,
  names: Names,
  regions: readonly string[],
): object {
  const settings = Object.entries<FaultSetting>(FAULT_KINDS[kind].settings).map(
    ([key, { min, max, default: usual, unit }]) => {
      const value = pick(random, [min, usual, usual, Math.min(max, usual * 20)]);
      return [key, unit === 'seconds' ? `${value}s` : value];
    },
  );
  return {
    ...{ name, kind, target: randomTarget(random, kind, names, regions) },
    at: `${nextBelow(random, 120)}s`,
    ...pick(random, [{}, { for: '1s' }, { for: '30s', ramp: '20s' }, { for: '60s' }, { ramp: '40s' }]),
    intensity: pick(random, [1, 1, 0.3]),
    ...Object.fromEntries(settings),
  };
}

const STORES_OF: Partial<Record<FaultKind, string>> = {
  ...{ 'disk-full': 'db', 'database-failover': 'db', 'replication-lag': 'db', 'lock-storm': 'db' },
  'cache-flush': 'cache',
};

function randomTarget(random: RandomStream, kind: FaultKind, names: Names, regions: readonly string[]): object {
  if (kind === 'consumer-stuck') return { service: names.consumer };
  if (kind === 'connection-leak') return { service: names.services[0] };
  const share = chance(random, 0.3) ? { share: '50%' } : {};
  switch (pick(random, STORES_OF[kind] === undefined ? FAULT_KINDS[kind].targets : (['store'] as const))) {
    case 'service':
      return { service: pick(random, names.services), ...(kind === 'pod-kill' ? share : {}) };
    case 'store':
      return { store: STORES_OF[kind] ?? pick(random, Object.keys(names.stores)) };
    case 'node':
      return { node: 'main' };
    case 'zone':
      return { zone: `${pick(random, regions)}-a` };
    case 'region':
      return { region: pick(random, regions) };
    case 'cloud':
      return { cloud: 'aws' };
    case 'cluster':
      return { cluster: `${pick(random, regions)}-1` };
    case 'link':
      return chance(random, 0.5) ? { service: names.services[0], to: { store: 'db' } } : { zone: 'eu-a' };
    case 'entry':
      return chance(random, 0.5) ? {} : { entry: 'to-s0' };
  }
}

function randomChange(random: RandomStream, names: Names, clusters: readonly string[]): object {
  const service = pick(random, names.services);
  const effects = pick(random, [
    {},
    { errorRatio: '30%' },
    { crashAfter: '5s' },
    { neverReady: true },
    { cpuFactor: 3 },
  ]);
  const action = pick(random, [
    { deploy: { service, version: '2.0.0', ...effects } },
    { rollback: service },
    { scale: { service, replicas: nextBelow(random, 6) } },
    { restart: service },
    { load: { factor: pick(random, [0, 0.5, 4]) } },
    {
      traffic: {
        weights: Object.fromEntries(clusters.map((cluster, i) => [cluster, i === 0 ? 1 : pick(random, [0, 1, 50])])),
      },
    },
    { promote: service },
    { abort: service },
    { failover: 'db' },
  ]);
  return { at: `${nextBelow(random, 200)}s`, ...action };
}
