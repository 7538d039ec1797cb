import type { StoreSpec } from '../component.types.js';
import type { RawStore } from '../schema/store.schema.js';
import type { Names } from './names.types.js';
import type { SectionReader } from './section-reader.js';

export function resolveStores(reader: SectionReader, names: Names): StoreSpec[] {
  return [...names.stores].flatMap(([name, raw]) => (raw ? resolveStore(reader, names, name, raw) : []));
}

function resolveStore(reader: SectionReader, names: Names, name: string, raw: RawStore): StoreSpec {
  const path = ['stores', name];
  if (names.services.has(name)) reader.report(path, 'a service has the same name; rename one of them', 'key');
  if (raw.kind === 'external') {
    const { region, errors, rateLimit, latency } = raw;
    if (region !== undefined) reader.knows([...path, 'region'], 'region', region, names.regions);
    return {
      kind: 'external',
      name,
      region: region ?? null,
      latency,
      errorRatio: errors,
      rateLimit: rateLimit ?? Infinity,
    };
  }
  const cluster = raw.cluster ?? [...names.clusters.keys()][0] ?? '';
  if (raw.cluster !== undefined) reader.knows([...path, 'cluster'], 'cluster', raw.cluster, names.clusters);
  if (raw.kind !== 'database') return { ...raw, name, cluster };
  const diskUsed = 'share' in raw.diskUsed ? raw.diskUsed.share * raw.disk : raw.diskUsed.bytes;
  if (diskUsed > raw.disk) reader.report([...path, 'diskUsed'], 'is more than the disk holds');
  return { ...raw, name, cluster, diskUsed };
}
