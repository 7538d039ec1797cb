import { listTree, mapTree } from './trees.js';
import type { Entry, MapTree } from './tree.types.js';

/** Lists at the top of a scenario that grow with each include; all other lists are replaced as a whole. */
const APPENDED = new Set(['faults', 'changes', 'expect', 'kubernetes', 'slos']);

/** `over` on top of `base`: mappings merge key by key, everything else is replaced. */
export function mergeScenarios(base: MapTree, over: MapTree): MapTree {
  return mergeMaps(base, over, APPENDED);
}

function mergeMaps(base: MapTree, over: MapTree, appended: ReadonlySet<string>): MapTree {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    entries.set(key, below ? mergeEntry(below, entry, appended.has(key)) : entry);
  }
  return mapTree(entries, over.place);
}

function mergeEntry({ tree: base }: Entry, { key, tree: over }: Entry, append: boolean): Entry {
  if (base.kind === 'map' && over.kind === 'map') return { key, tree: mergeMaps(base, over, NOTHING) };
  if (append && base.kind === 'list' && over.kind === 'list')
    return { key, tree: listTree([...base.items, ...over.items], over.place) };
  return { key, tree: over };
}

const NOTHING: ReadonlySet<string> = new Set();
