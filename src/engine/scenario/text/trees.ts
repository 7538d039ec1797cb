import type { Place } from '../scenario.errors.js';
import type { Entry, ListTree, MapTree, Path, ScalarTree, Tree } from './tree.types.js';

export function scalarTree(value: ScalarTree['value'], place: Place): ScalarTree {
  return { kind: 'scalar', value, place, size: 1 };
}

export function listTree(items: readonly Tree[], place: Place): ListTree {
  return { kind: 'list', items, place, size: items.reduce((sum, item) => sum + item.size, 1) };
}

export function mapTree(entries: ReadonlyMap<string, Entry>, place: Place): MapTree {
  let size = 1;
  for (const { tree } of entries.values()) size += tree.size;
  return { kind: 'map', entries, place, size };
}

/** The value itself, without places. Mappings have no prototype surprises: `__proto__` is refused when text is read. */
export function plainOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(plainOf);
    case 'map':
      return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, plainOf(entry.tree)]));
  }
}

export function treeAt(tree: Tree, path: Path): Tree | undefined {
  let here: Tree | undefined = tree;
  for (const step of path) {
    if (here?.kind === 'map') here = here.entries.get(String(step))?.tree;
    else if (here?.kind === 'list') here = here.items[Number(step)];
    else return undefined;
  }
  return here;
}

/**
 * Where a problem with `path` is shown: at the value if it is there, otherwise at the key of the innermost mapping
 * that is (something is missing in it), otherwise at the top.
 */
export function placeOf(tree: Tree, path: Path, what: 'value' | 'key' = 'value'): Place {
  let here: Tree = tree;
  let place = tree.place;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (here.kind === 'map') {
      const entry: Entry | undefined = here.entries.get(String(step));
      if (!entry) return place;
      here = entry.tree;
      place = last && what === 'value' ? here.place : entry.key;
    } else if (here.kind === 'list') {
      const item: Tree | undefined = here.items[Number(step)];
      if (!item) return place;
      here = item;
      place = here.place;
    } else {
      return place;
    }
  }
  return place;
}

/** `services.cart.operations.read.calls[0]`; keys that are no plain words in brackets: `signals["a b"]`. */
export function printPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
