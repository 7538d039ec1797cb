import { FAULT_KINDS, type FaultKind, type FaultTargetKind } from '../../../src/engine/scenario/fault.types.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';

const KINDS = Object.keys(FAULT_KINDS) as FaultKind[];
/** Faults that make sense for one kind of store only. */
const STORE_KINDS: Partial<Record<FaultKind, string>> = {
  'database-failover': 'database',
  'replication-lag': 'database',
  'lock-storm': 'database',
  'disk-full': 'database',
  'cache-flush': 'cache',
};
const INTENSITIES = [100, 100, 60, 30];

/** A number in [0, 1) from two whole ones; the same for the same. */
export function uniform(seed: number, salt: number): number {
  let x = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** The n-th fault of a seed in the scenario language: the kinds in turn, target and strength at random. */
export function randomFault(scenario: Scenario, seed: number, n: number, at: number, seconds: number) {
  const possible = KINDS.filter((kind) => targetsOf(kind, scenario).length > 0);
  const kind = possible[(seed * 7 + n) % possible.length]!;
  const draw = <T>(from: readonly T[], salt: number): T =>
    from[Math.floor(uniform(seed, n * 16 + salt) * from.length)]!;
  const { services, platform } = scenario;
  const consumers = services.filter(({ consumes }) => kind !== 'consumer-stuck' || consumes !== null);
  const service = () => `service: ${draw(consumers, 1).name}`;
  const store = () => `store: ${draw(storesFor(kind, scenario), 2).name}`;
  const pools = platform.clusters.flatMap(({ nodePools }) => nodePools);
  const writers: Readonly<Record<string, () => string>> = {
    service,
    store,
    node: () => `node: ${draw(pools, 3).name}, share: ${draw([5, 20, 35], 4)}%`,
    zone: () =>
      `zone: ${draw(
        platform.regions.flatMap(({ zones }) => zones),
        5,
      )}`,
    region: () => `region: ${draw(platform.regions, 6).name}`,
    cloud: () => `cloud: ${draw(platform.regions, 7).cloud}`,
    link: () => (draw([true, false], 9) ? service() : `${service()}, to: { ${store()} }`),
    entry: () => '',
  };
  const target = writers[draw(targetsOf(kind, scenario), 10)]!();
  const intensity = draw(INTENSITIES, 11);
  const yaml = `{ name: f, kind: ${kind}, at: ${at}s, for: ${seconds}s, intensity: ${intensity}%, target: { ${target} } }`;
  return { kind, yaml };
}

/** Kinds of targets that the fault accepts and the fleet has. */
function targetsOf(kind: FaultKind, scenario: Scenario): readonly FaultTargetKind[] {
  const accepted: readonly FaultTargetKind[] = FAULT_KINDS[kind].targets;
  const consumes = scenario.services.some((service) => service.consumes !== null);
  return accepted.filter((target) => {
    if (target === 'cluster') return false;
    if (target === 'store') return storesFor(kind, scenario).length > 0;
    return target !== 'service' || kind !== 'consumer-stuck' || consumes;
  });
}

function storesFor(kind: FaultKind, { stores }: Scenario) {
  const fitting = stores.filter((store) => STORE_KINDS[kind] === undefined || STORE_KINDS[kind] === store.kind);
  if (kind !== 'replication-lag') return fitting;
  return fitting.filter((store) => store.kind === 'database' && store.replicas > 0);
}
