import type { Change, ChangeSpec, VersionEffects } from '../scenario.types.js';
import type { RawChange } from '../schema/change.schema.js';
import type { Path } from '../text/tree.types.js';
import type { FleetNames } from './names.types.js';
import { resolveWeights } from './resolve-weights.js';
import type { SectionReader } from './section-reader.js';

export function resolveChanges(
  reader: SectionReader,
  names: FleetNames,
  raw: readonly ((RawChange & { readonly at: number }) | undefined)[],
): ChangeSpec[] {
  return raw.flatMap((change, index) => {
    const resolved = change && resolveChange(reader, names, ['changes', index], change);
    return resolved ? [{ at: change.at, ...resolved }] : [];
  });
}

export function resolveChange(
  reader: SectionReader,
  names: FleetNames,
  path: Path,
  raw: RawChange,
): Change | undefined {
  const service = (key: 'rollback' | 'restart' | 'promote' | 'abort') => {
    const name = raw[key]!;
    return reader.knows([...path, key], 'service', name, names.services) ? { kind: key, service: name } : undefined;
  };
  if (raw.deploy) {
    const { service: name, version, ...effects } = raw.deploy;
    reader.knows([...path, 'deploy', 'service'], 'service', name, names.services);
    return { kind: 'deploy', service: name, version, effects: effects satisfies VersionEffects };
  }
  if (raw.scale) {
    reader.knows([...path, 'scale', 'service'], 'service', raw.scale.service, names.services);
    return { kind: 'scale', ...raw.scale };
  }
  if (raw.load)
    return {
      kind: 'load',
      entryPoint: entryOf(reader, names, [...path, 'load'], raw.load.entry),
      factor: raw.load.factor,
    };
  if (raw.traffic) return traffic(reader, names, [...path, 'traffic'], raw.traffic);
  if (raw.failover !== undefined) return failover(reader, names, [...path, 'failover'], raw.failover);
  if (raw.rollback !== undefined) return service('rollback');
  if (raw.restart !== undefined) return service('restart');
  if (raw.promote !== undefined) return service('promote');
  return service('abort');
}

function entryOf(reader: SectionReader, names: FleetNames, path: Path, entry: string | undefined): string | null {
  if (entry !== undefined) reader.knows([...path, 'entry'], 'entry point', entry, names.entries);
  return entry ?? null;
}

function traffic(reader: SectionReader, names: FleetNames, path: Path, raw: NonNullable<RawChange['traffic']>): Change {
  const entryPoint = entryOf(reader, names, path, raw.entry);
  const service = entryPoint === null ? undefined : names.entries.get(entryPoint)?.to.split('.', 1)[0];
  const clusters = (service === undefined ? undefined : names.services.get(service)?.clusters) ?? [
    ...names.clusters.keys(),
  ];
  return { kind: 'traffic', entryPoint, weights: resolveWeights(reader, [...path, 'weights'], raw.weights, clusters) };
}

function failover(reader: SectionReader, names: FleetNames, path: Path, store: string): Change | undefined {
  const databases = new Map([...names.stores].filter(([, each]) => !each || each.kind === 'database'));
  if (!reader.knows(path, 'database', store, databases)) return undefined;
  const database = databases.get(store);
  if (database?.kind === 'database' && database.replicas === 0)
    reader.report(path, `"${store}" has no replica to fail over to`);
  return { kind: 'failover', store };
}
