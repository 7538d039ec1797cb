import type { ClusterAutoscalerSpec, NodePoolSpec, PlatformSpec, RegionSpec } from '../platform.types.js';
import {
  clusterSchema,
  latencySchema,
  regionSchema,
  type RawCluster,
  type RawNodePool,
  type RawRegion,
} from '../schema/platform.schema.js';
import type { Path } from '../text/tree.types.js';
import type { SectionReader } from './section-reader.js';

/** The places of a scenario. A cluster without node pools gets them once it is known what runs there. */
export interface Places {
  readonly regions: readonly RegionSpec[];
  readonly clusters: readonly PlacedCluster[];
  readonly latency: PlatformSpec['latency'];
}

interface PlacedCluster {
  readonly name: string;
  readonly region: string;
  readonly autoscaler: ClusterAutoscalerSpec | null;
  /** Null: one that is big enough. */
  readonly nodePools: readonly NodePoolSpec[] | null;
}

/** The FAQ of the cluster autoscaler, "What are the parameters to CA?". */
const AUTOSCALER_DEFAULTS: ClusterAutoscalerSpec = {
  scanInterval: 10,
  scaleDownUtilization: 0.5,
  scaleDownUnneeded: 600,
  scaleDownDelayAfterAdd: 600,
};

const LETTERS = 'abcdefghij';

export function resolvePlaces(reader: SectionReader): Places {
  const regions = readRegions(reader);
  const clusters = readClusters(reader, regions);
  const latency = reader.has(['platform', 'latency']) ? reader.read(['platform', 'latency'], latencySchema) : undefined;
  const pairs = (latency?.pairs ?? []).map(({ between, roundTrip }, index) => {
    between.forEach((name, end) => {
      const path = ['platform', 'latency', 'pairs', index, 'between', end];
      reader.knows(path, 'region', name, new Map(regions.map((region) => [region.name, region])));
    });
    return { a: between[0]!, b: between[1]!, roundTrip };
  });
  return { regions, clusters, latency: { ...(latency ?? latencySchema.parse({})), pairs } };
}

function readRegions(reader: SectionReader): RegionSpec[] {
  const path: Path = ['platform', 'regions'];
  const given = reader.entries(path, regionSchema);
  if (reader.has(path) && given.size === 0) reader.report(path, 'needs at least one region');
  const raw = given.size > 0 ? given : new Map([['eu', regionSchema.parse({ location: 'eu-central-1' })]]);
  const seen = new Map<string, string>();
  return [...raw].map(([name, region]) => {
    const zones = zonesOf(name, region ?? regionSchema.parse({}));
    for (const [index, zone] of zones.entries()) {
      const at: Path = [...path, name, 'zones', index];
      if (seen.has(zone))
        reader.report(at, `zone "${zone}" is in region "${seen.get(zone)}" already; names of zones are unique`);
      else seen.set(zone, name);
    }
    return { name, cloud: region?.cloud ?? 'aws', location: region?.location ?? name, zones };
  });
}

function zonesOf(name: string, { zones }: RawRegion): readonly string[] {
  return typeof zones === 'number' ? Array.from({ length: zones }, (_, index) => `${name}-${LETTERS[index]}`) : zones;
}

function readClusters(reader: SectionReader, regions: readonly RegionSpec[]): PlacedCluster[] {
  const path: Path = ['platform', 'clusters'];
  const raw = reader.entries(path, clusterSchema);
  if (raw.size === 0) {
    if (reader.has(path)) reader.report(path, 'needs at least one cluster');
    return regions.map(({ name }) => ({ name: `${name}-1`, region: name, autoscaler: null, nodePools: null }));
  }
  return [...raw].map(([name, cluster]) => {
    const region = regionOf(reader, [...path, name], cluster, regions);
    const zones = regions.find((each) => each.name === region)?.zones ?? [];
    const autoscaler = autoscalerOf(cluster);
    const nodePools = cluster?.nodePools
      ? Object.entries(cluster.nodePools).map(([pool, each]) =>
          resolvePool(reader, [...path, name, 'nodePools', pool], pool, each, { zones, scaled: autoscaler !== null }),
        )
      : null;
    if (nodePools?.length === 0) reader.report([...path, name, 'nodePools'], 'needs at least one node pool');
    if (autoscaler && !nodePools)
      reader.report([...path, name, 'autoscaler'], 'needs `nodePools` with `min` and `max`', 'key');
    return { name, region, autoscaler, nodePools };
  });
}

function regionOf(
  reader: SectionReader,
  path: Path,
  cluster: RawCluster | undefined,
  regions: readonly RegionSpec[],
): string {
  if (cluster?.region !== undefined) {
    reader.knows(
      [...path, 'region'],
      'region',
      cluster.region,
      new Map(regions.map((region) => [region.name, region])),
    );
    return cluster.region;
  }
  if (cluster && regions.length > 1)
    reader.report(path, `needs \`region\`: ${regions.map(({ name }) => name).join(' or ')}`, 'key');
  return regions[0]?.name ?? '';
}

function autoscalerOf(cluster: RawCluster | undefined): ClusterAutoscalerSpec | null {
  const { autoscaler = false } = cluster ?? {};
  if (typeof autoscaler === 'boolean') return autoscaler ? AUTOSCALER_DEFAULTS : null;
  return autoscaler;
}

function resolvePool(
  reader: SectionReader,
  path: Path,
  name: string,
  raw: RawNodePool,
  cluster: { readonly zones: readonly string[]; readonly scaled: boolean },
): NodePoolSpec {
  const { zones = cluster.zones, min = raw.nodes, max = Math.max(raw.nodes, min) } = raw;
  const known = new Map(cluster.zones.map((zone) => [zone, zone]));
  raw.zones?.forEach((zone, index) => reader.knows([...path, 'zones', index], 'zone', zone, known));
  if (min > max) reader.report([...path, 'min'], `is more than max, which is ${max}`);
  else if (raw.nodes < min || raw.nodes > max)
    reader.report([...path, 'nodes'], `must be from min to max: ${min} to ${max}`);
  for (const key of ['min', 'max'] as const)
    if (raw[key] !== undefined && !cluster.scaled)
      reader.report(
        [...path, key],
        'is for the cluster autoscaler, which is off; add `autoscaler: true` to the cluster',
        'key',
      );
  return { ...raw, name, zones, min, max };
}
