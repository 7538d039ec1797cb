import type { Path } from '../text/tree.types.js';
import type { SectionReader } from './section-reader.js';

/** Shares that sum to 1 over the clusters; even where nothing is said, 0 for a cluster that is left out. */
export function resolveWeights(
  reader: SectionReader,
  path: Path,
  given: Readonly<Record<string, number>> | undefined,
  clusters: readonly string[],
): Record<string, number> {
  if (!given) return Object.fromEntries(clusters.map((cluster) => [cluster, 1 / clusters.length]));
  const known = new Map(clusters.map((cluster) => [cluster, true]));
  for (const cluster of Object.keys(given))
    reader.knows([...path, cluster], 'cluster with this service', cluster, known);
  const weightOf = (cluster: string) => (Object.hasOwn(given, cluster) ? given[cluster]! : 0);
  const sum = clusters.reduce((total, cluster) => total + weightOf(cluster), 0);
  if (!(sum > 0)) reader.report(path, 'at least one cluster needs a weight above 0');
  return Object.fromEntries(clusters.map((cluster) => [cluster, sum > 0 ? weightOf(cluster) / sum : 0]));
}
