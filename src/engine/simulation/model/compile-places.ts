import type { PlatformSpec } from '../../scenario/platform.types.js';
import { CannotCompileError } from './compile.errors.js';
import type { Cluster, Zone } from './fleet.types.js';

/** Zones of all regions, region by region; names of zones are unique within their region. */
export function compileZones(platform: PlatformSpec): Zone[] {
  return platform.regions
    .flatMap(({ zones }, region) => zones.map((name) => ({ name, region })))
    .map((zone, index) => ({ index, ...zone }));
}

export function compileClusters(platform: PlatformSpec, zones: readonly Zone[]): Cluster[] {
  return platform.clusters.map((spec, index) => {
    const region = indexOfName(platform.regions, spec.region, 'region');
    return {
      index,
      spec,
      region,
      zones: zones.filter((zone) => zone.region === region).map((zone) => zone.index),
      pools: spec.nodePools,
    };
  });
}

/** @throws CannotCompileError if nothing has this name */
export function indexOfName(list: readonly { readonly name: string }[], name: string, what: string): number {
  const index = list.findIndex((item) => item.name === name);
  if (index < 0) throw new CannotCompileError(`There is no ${what} "${name}".`);
  return index;
}
