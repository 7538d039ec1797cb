import { FAULT_KINDS, type FaultSpec, type FaultTarget, type FaultTargetKind } from '../fault.types.js';
import { freeName } from '../free-name.js';
import type { RawFault, RawTarget } from '../schema/fault.schema.js';
import { CLOUDS } from '../schema/platform.schema.js';
import type { Path } from '../text/tree.types.js';
import type { FleetNames } from './names.types.js';
import type { SectionReader } from './section-reader.js';

/** What to write for each kind of target. */
const HOW: Readonly<Record<FaultTargetKind, string>> = {
  service: 'a service: { service: NAME }',
  store: 'a store: { store: NAME }',
  node: 'nodes: { node: NAME }, a node or a node pool',
  zone: 'a zone: { zone: NAME }',
  region: 'a region: { region: NAME }',
  cloud: 'a cloud: { cloud: aws }',
  cluster: 'a cluster: { cluster: NAME }',
  link: 'the way between two places, { service: NAME, to: { store: NAME } }, or between one and all others',
  entry: 'an entry point: { entry: NAME }, or all of them where there is none',
};

/** The most particular part says what a target is; the others narrow it down. */
const KINDS = ['service', 'store', 'entry', 'node', 'zone', 'cluster', 'region', 'cloud'] as const;

export function resolveFaults(
  reader: SectionReader,
  names: FleetNames,
  raw: readonly (RawFault | undefined)[],
): FaultSpec[] {
  const taken = new Map<string, number>();
  raw.forEach((fault, index) => {
    if (fault?.name === undefined) return;
    const first = taken.get(fault.name);
    if (first !== undefined)
      reader.report(['faults', index, 'name'], `"${fault.name}" is the name of faults[${first}] already`);
    else taken.set(fault.name, index);
  });
  return raw.flatMap((fault, index) => {
    if (!fault) return [];
    const name = fault.name ?? freeName(fault.kind, taken);
    taken.set(name, index);
    return [resolveFault(reader, names, ['faults', index], fault, name)];
  });
}

export function resolveFault(
  reader: SectionReader,
  names: FleetNames,
  path: Path,
  raw: RawFault,
  name: string,
): FaultSpec {
  const target = resolveTarget(reader, names, [...path, 'target'], raw);
  const { kind, at = 0, for: duration, ramp, intensity, settings } = raw;
  if (ramp > duration) reader.report([...path, 'ramp'], 'is longer than the fault lasts');
  return { name, kind, at, duration, ramp, intensity, target, settings };
}

function resolveTarget(reader: SectionReader, names: FleetNames, path: Path, { kind, target }: RawFault): FaultTarget {
  const accepted: readonly FaultTargetKind[] = FAULT_KINDS[kind].targets;
  const at = reader.has(path) ? path : path.slice(0, -1);
  if (!accepts(accepted, target))
    reader.report(at, `${kind} acts on ${accepted.map((each) => HOW[each]).join(', or ')}`, 'key');
  if (target.version !== undefined && target.service === undefined)
    reader.report([...path, 'version'], 'needs a `service`', 'key');
  checkPlace(reader, names, path, target);
  if (target.entry !== undefined) reader.knows([...path, 'entry'], 'entry point', target.entry, names.entries);
  if (target.to) {
    if (kindOf(target.to) === null) reader.report([...path, 'to'], 'needs a place, for example { store: NAME }', 'key');
    checkPlace(reader, names, [...path, 'to'], target.to);
  }
  checkKind(reader, names, path, kind, target);
  const { entry, ...rest } = target;
  return { ...rest, ...(entry !== undefined && { entryPoint: entry }) };
}

/** A link needs one end only: the other is then everything outside of it. */
function accepts(accepted: readonly FaultTargetKind[], target: RawTarget): boolean {
  const given = kindOf(target);
  if (accepted.includes('link')) return given !== null && given !== 'entry';
  if (target.to) return false;
  return accepted.includes(given ?? 'entry');
}

function kindOf(target: RawTarget): FaultTargetKind | null {
  return KINDS.find((key) => target[key] !== undefined) ?? null;
}

function checkPlace(reader: SectionReader, names: FleetNames, path: Path, place: NonNullable<RawTarget['to']>): void {
  const { service, store, cluster, region, zone, cloud, node } = place;
  const zones = new Map([...names.regions.values()].flat().map((each) => [each, true]));
  if (service !== undefined) reader.knows([...path, 'service'], 'service', service, names.services);
  if (store !== undefined) reader.knows([...path, 'store'], 'store', store, names.stores);
  if (cluster !== undefined) reader.knows([...path, 'cluster'], 'cluster', cluster, names.clusters);
  if (region !== undefined) reader.knows([...path, 'region'], 'region', region, names.regions);
  if (zone !== undefined) reader.knows([...path, 'zone'], 'zone', zone, zones);
  if (cloud !== undefined)
    reader.knows([...path, 'cloud'], 'cloud', cloud, new Map(CLOUDS.map((each) => [each, true])));
  if (node !== undefined && !isNode(names, node))
    reader.knows([...path, 'node'], 'node or node pool', node, new Set([...names.pools.values()].flat()));
  if (service !== undefined && store !== undefined)
    reader.report([...path, 'store'], 'a target is a service or a store, not both', 'key');
}

/** A pool, or a node as the platform names them: `eu-1-general-3`. */
function isNode({ pools }: FleetNames, name: string): boolean {
  return [...pools].some(([cluster, of]) =>
    of.some((pool) => {
      const prefix = `${cluster}-${pool}-`;
      return name === pool || (name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)));
    }),
  );
}

/** Kinds of stores that a fault makes sense for. */
const STORE_KINDS: Readonly<Partial<Record<RawFault['kind'], 'database' | 'cache'>>> = {
  'database-failover': 'database',
  'replication-lag': 'database',
  'lock-storm': 'database',
  'disk-full': 'database',
  'cache-flush': 'cache',
};

function checkKind(
  reader: SectionReader,
  names: FleetNames,
  path: Path,
  kind: RawFault['kind'],
  target: RawTarget,
): void {
  const store = target.store === undefined ? undefined : names.stores.get(target.store);
  const wanted = STORE_KINDS[kind];
  if (store && wanted && store.kind !== wanted)
    reader.report([...path, 'store'], `${kind} acts on a ${wanted}, and "${target.store}" is a ${store.kind}`);
  if (store?.kind === 'database' && store.replicas === 0 && kind === 'replication-lag')
    reader.report([...path, 'store'], `"${target.store}" has no replicas`);
  const service = target.service === undefined ? undefined : names.services.get(target.service);
  if (kind === 'consumer-stuck' && service && service.consumes === undefined)
    reader.report([...path, 'service'], `"${target.service}" consumes no queue`);
}
