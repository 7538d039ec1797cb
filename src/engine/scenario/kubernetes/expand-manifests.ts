import type { ScenarioFiles } from '../text/scenario-files.js';
import type { Place } from '../scenario.errors.js';
import { listTree, mapTree, printPath, treeAt } from '../text/trees.js';
import type { MapTree, Tree } from '../text/tree.types.js';

export const SUPPORTED_KINDS = ['HorizontalPodAutoscaler', 'ScaledObject', 'Deployment'] as const;

/** Puts the objects of manifests in the place of `- file: path`, so that their mistakes show where they are. */
export function expandManifests(tree: MapTree, files: ScenarioFiles): MapTree {
  const entry = tree.entries.get('kubernetes');
  if (entry?.tree.kind !== 'list') return tree;
  const items = entry.tree.items.map((item, index) => expandItem(item, ['kubernetes', index, 'file'], files));
  return mapTree(
    new Map(tree.entries).set('kubernetes', { ...entry, tree: listTree(items, entry.tree.place) }),
    tree.place,
  );
}

function expandItem(item: Tree, path: readonly (string | number)[], files: ScenarioFiles): Tree {
  const file = item.kind === 'map' ? item.entries.get('file') : undefined;
  if (item.kind !== 'map' || file?.tree.kind !== 'scalar' || typeof file.tree.value !== 'string') return item;
  const { value, place } = file.tree;
  const text = files.text(value, place, printPath(path));
  const documents = text === undefined ? [] : files.yaml(text, files.nameOf(value, place));
  if (text === undefined) return withoutFile(item, file.key, []);
  const objects = documents.flatMap(unpackList).map(summarised);
  if (documents.length > 0 && !objects.some((object) => SUPPORTED_KINDS.some((kind) => kind === kindOf(object))))
    files.report(place, printPath(path), `"${value}" has no ${SUPPORTED_KINDS.join(', ')}`);
  return withoutFile(item, file.key, objects);
}

function withoutFile(item: MapTree, key: Place, objects: readonly Tree[]): MapTree {
  const entries = new Map([...item.entries].filter(([name]) => name !== 'file'));
  return mapTree(entries.set('objects', { key, tree: listTree(objects, key) }), item.place);
}

/** Of a kind that is not simulated only the head counts: a chart may bring definitions of thousands of lines. */
function summarised(object: Tree): Tree {
  if (object.kind !== 'map' || SUPPORTED_KINDS.some((kind) => kind === kindOf(object))) return object;
  return mapTree(new Map([...object.entries].filter(([key]) => key === 'apiVersion' || key === 'kind')), object.place);
}

/** `kubectl get -o yaml` prints a List. */
export function unpackList(object: Tree): readonly Tree[] {
  const items = kindOf(object) === 'List' ? treeAt(object, ['items']) : undefined;
  return items?.kind === 'list' ? items.items : [object];
}

function kindOf(object: Tree): unknown {
  const kind = treeAt(object, ['kind']);
  return kind?.kind === 'scalar' ? kind.value : undefined;
}
