import { LIMITS } from '../limits.js';
import type { SectionReader } from '../resolve/section-reader.js';
import { kubernetesSchema } from '../schema/scenario.schema.js';
import { suggest } from '../text/suggest.js';
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
  const plain = reader.plain(path);
  if (typeof plain !== 'object' || plain === null) return reader.report(path, adviceFor(plain)) ?? [];
  const isObject = !('objects' in plain) || 'kind' in plain;
  if (isObject && !('file' in plain) && !('kind' in plain))
    return reader.report([...path, 'kind'], 'is missing; a Kubernetes object says what it is', 'key') ?? [];
  const item = reader.read(path, kubernetesSchema);
  if (!item) return [];
  if (isObject) return unpack(reader, path, undefined);
  const { objects, clusters } = item as { objects: readonly unknown[]; clusters?: readonly string[] };
  return objects.flatMap((_, index) => unpack(reader, [...path, 'objects', index], clusters));
}

const LIST = `${SUPPORTED_KINDS.slice(0, -1).join(', ')} or ${SUPPORTED_KINDS.at(-1)}`;

function adviceFor(value: unknown): string {
  if (typeof value === 'string' && /\.(ya?ml|json)$/.test(value)) return `to read a manifest write { file: ${value} }`;
  if (typeof value === 'string' && /^\s*(apiVersion|kind):/m.test(value))
    return 'is text; paste the object itself, without the | in front of it';
  return 'must be a Kubernetes object, or { file: ./manifest.yaml }';
}

function unpack(reader: SectionReader, path: Path, clusters: readonly string[] | undefined): PastedObject[] {
  const plain = reader.plain([...path, 'kind']);
  const kind = typeof plain === 'string' ? plain : '';
  const items = treeAt(reader.tree, [...path, 'items']);
  if (kind === 'List' && items?.kind === 'list')
    return items.items.flatMap((_, index) => unpack(reader, [...path, 'items', index], clusters));
  const tree = treeAt(reader.tree, path);
  if (tree && SUPPORTED_KINDS.some((each) => each === kind))
    return [{ kind, tree, path, ...(clusters && { clusters }) }];
  if (kind === '')
    return reader.report([...path, 'kind'], 'is missing; a Kubernetes object says what it is', 'key') ?? [];
  const near = suggest(kind, SUPPORTED_KINDS);
  if (near !== null) return reader.report([...path, 'kind'], `there is no kind ${kind}; did you mean "${near}"?`) ?? [];
  reader.note([...path, 'kind'], `${kind} is left out; the simulation reads ${LIST}`);
  return [];
}
