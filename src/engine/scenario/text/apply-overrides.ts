import { LIMITS } from '../limits.js';
import type { Place, ScenarioIssue } from '../scenario.errors.js';
import type { ScenarioSource } from '../scenario-source.types.js';
import { parseOverridePath } from './parse-override-path.js';
import { readYaml } from './read-yaml.js';
import { hint } from './suggest.js';
import { listTree, mapTree, printPath, scalarTree } from './trees.js';
import type { MapTree, Path, Tree } from './tree.types.js';

/** Mappings from names that the author chose: an override changes what is there and adds nothing to them. */
const NAMED: readonly (readonly string[])[] = [
  ['services'],
  ['services', '*', 'operations'],
  ['stores'],
  ['load'],
  ['platform', 'regions'],
  ['platform', 'clusters'],
  ['platform', 'clusters', '*', 'nodePools'],
];

/** The scenario with every override set, in order. Those that fit nowhere are reported and left out. */
export function applyOverrides(
  tree: MapTree,
  overrides: NonNullable<ScenarioSource['overrides']>,
  issues: ScenarioIssue[],
): MapTree {
  let result = tree;
  for (const { path: text, value } of overrides.slice(0, LIMITS.overrides)) {
    const shown = `--set ${text}=${value.length > 60 ? `${value.slice(0, 60)}...` : value}`;
    const place: Place = { file: shown, line: 0, column: 0 };
    const fail = (message: string) => void issues.push({ ...place, path: '', message });
    const path = parseOverridePath(text);
    const read = readYaml(value, shown);
    if (!path) fail('is no path; write for example services.cart.replicas, faults[0].intensity or faults[name].at');
    else if (read.issues.length > 0) for (const issue of read.issues) fail(`the value ${issue.message}`);
    else {
      const outcome = set(result, path, [], placed(read.documents[0] ?? scalarTree(null, place), place), place);
      if (typeof outcome === 'string') fail(outcome);
      else result = outcome as MapTree;
    }
  }
  if (overrides.length > LIMITS.overrides)
    issues.push({
      file: '--set',
      line: 0,
      column: 0,
      path: '',
      message: `at most ${LIMITS.overrides} values can be set`,
    });
  return result;
}

/** The tree with the value set; text: why it cannot be. */
function set(tree: Tree, rest: Path, before: Path, value: Tree, place: Place): Tree | string {
  const [step, ...after] = rest;
  if (step === undefined) return value;
  const here = before.length === 0 ? 'the scenario' : printPath(before);
  if (tree.kind === 'map') {
    const key = String(step);
    const entry = tree.entries.get(key);
    if (!entry && isNamed(before)) return `${here} has no "${key}"${hint(key, tree.entries.keys())}`;
    if (!entry && key === '__proto__') return '"__proto__" is reserved';
    const next = set(entry?.tree ?? mapTree(new Map(), place), after, [...before, key], value, place);
    if (typeof next === 'string') return next;
    return mapTree(new Map(tree.entries).set(key, { key: entry?.key ?? place, tree: next }), tree.place);
  }
  if (tree.kind === 'list') {
    const index = typeof step === 'number' ? step : tree.items.findIndex((item) => nameIn(item) === step);
    const item = tree.items[index];
    if (!item) {
      const names = tree.items.map(nameIn).filter((name) => name !== undefined);
      return typeof step === 'number'
        ? `${here} has ${tree.items.length} items, the first is [0]`
        : `${here} has no item with the name "${step}"${hint(step, names)}`;
    }
    const next = set(item, after, [...before, index], value, place);
    return typeof next === 'string' ? next : listTree(tree.items.with(index, next), tree.place);
  }
  if (tree.value === null) return set(mapTree(new Map(), place), rest, before, value, place);
  return `${here} is a single value and has no "${step}"`;
}

function isNamed(path: Path): boolean {
  return NAMED.some((each) => each.length === path.length && each.every((step, i) => step === '*' || step === path[i]));
}

function nameIn(item: Tree): string | undefined {
  const name = item.kind === 'map' ? item.entries.get('name')?.tree : undefined;
  return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
}

/** Everything in it stands at the override. */
function placed(tree: Tree, place: Place): Tree {
  switch (tree.kind) {
    case 'scalar':
      return { ...tree, place };
    case 'list':
      return listTree(
        tree.items.map((item) => placed(item, place)),
        place,
      );
    case 'map':
      return mapTree(
        new Map([...tree.entries].map(([key, entry]) => [key, { key: place, tree: placed(entry.tree, place) }])),
        place,
      );
  }
}
