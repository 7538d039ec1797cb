import { LIMITS } from '../limits.js';
import { kubernetesSchema } from '../schema/scenario.schema.js';
import type { SectionReader } from '../resolve/section-reader.js';
import { hint } from '../text/suggest.js';
import { treeAt } from '../text/trees.js';
import type { Path } from '../text/tree.types.js';
import { SUPPORTED_KINDS } from './expand-manifests.js';
import type { PastedObject } from './pasted-object.types.js';

/** All objects under `kubernetes`, manifests expanded already, Lists unpacked. */
export function collectObjects(reader: SectionReader): PastedObject[] {
  const list = treeAt(reader.tree, ['kubernetes']);
  if (list?.kind !== 'list') return [];
  const objects = list.items.flatMap((_, index) => collectItem(reader, ['kubernetes', index]));
  if (objects.length <= LIMITS.kubernetesObjects) return objects;
  reader.report(['kubernetes'], `has more than ${LIMITS.kubernetesObjects} objects`);
  return [];
}

function collectItem(reader: SectionReader, path: Path): PastedObject[] {
  const item = reader.read(path, kubernetesSchema);
  if (!item) return [];
  if (!('objects' in item) || !Array.isArray(item.objects) || 'kind' in item) return unpack(reader, path, undefined);
  const clusters = item.clusters as readonly string[] | undefined;
  return item.objects.flatMap((_, index) => unpack(reader, [...path, 'objects', index], clusters));
}

function unpack(reader: SectionReader, path: Path, clusters: readonly string[] | undefined): PastedObject[] {
  const kind = String(reader.plain([...path, 'kind']));
  const items = treeAt(reader.tree, [...path, 'items']);
  if (kind === 'List' && items?.kind === 'list')
    return items.items.flatMap((_, index) => unpack(reader, [...path, 'items', index], clusters));
  const tree = treeAt(reader.tree, path);
  if (tree && SUPPORTED_KINDS.some((each) => each === kind))
    return [{ kind, tree, path, ...(clusters && { clusters }) }];
  reader.report([...path, 'kind'], `the simulation knows no ${kind}${hint(kind, SUPPORTED_KINDS)}`);
  return [];
}
