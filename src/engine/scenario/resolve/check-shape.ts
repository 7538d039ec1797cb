import { LIMITS } from '../limits.js';
import { scenarioSchema } from '../schema/scenario.schema.js';
import { hint } from '../text/suggest.js';
import { treeAt } from '../text/trees.js';
import type { SectionReader } from './section-reader.js';

/** Sections that are mappings from names, or lists, with how many entries they may have. */
const SECTIONS = {
  platform: ['map', Infinity],
  telemetry: ['map', Infinity],
  services: ['map', LIMITS.services],
  stores: ['map', LIMITS.stores],
  load: ['map', LIMITS.entryPoints],
  signals: ['map', LIMITS.kubernetesObjects],
  kubernetes: ['list', LIMITS.kubernetesObjects],
  faults: ['list', LIMITS.faults],
  changes: ['list', LIMITS.changes],
  slos: ['list', LIMITS.slos],
  expect: ['list', LIMITS.expectations],
} as const satisfies Readonly<Record<string, readonly ['map' | 'list', number]>>;

const PLACES = { regions: LIMITS.regions, clusters: LIMITS.clusters } as const;
const NAME = /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/;

/**
 * What no single section sees: keys at the top, names that are keys, and how many of each there are.
 *
 * @throws InvalidScenarioError at once where there are more than anybody reads one by one
 */
export function checkShape(reader: SectionReader): void {
  const before = reader.issues.length;
  for (const [section, [, most]] of Object.entries(SECTIONS)) checkSize(reader, [section], most);
  for (const [key, most] of Object.entries(PLACES)) checkSize(reader, ['platform', key], most);
  if (reader.issues.length > before) reader.finish();
  const known = Object.keys(scenarioSchema.shape);
  for (const key of reader.keys([]))
    if (!known.includes(key) || key === 'include') reader.report([key], `unknown key${hint(key, known)}`, 'key');
  for (const [section, [kind]] of Object.entries(SECTIONS)) {
    const tree = treeAt(reader.tree, [section]);
    if (!tree) continue;
    const empty = tree.kind === 'scalar' && tree.value === null;
    if (tree.kind !== kind && !empty)
      reader.report(
        [section],
        kind === 'map'
          ? 'must be a mapping from names'
          : `must be a list; ${tree.kind === 'map' ? 'put `- ` in front of each item' : 'write [...] or items that start with `- `'}`,
      );
  }
  for (const section of ['services', 'stores', 'load']) checkNames(reader, [section]);
  if (reader.issues.length === 0 && reader.keys(['services']).length === 0)
    reader.report(['services'], 'needs at least one service', 'key');
  for (const key of reader.keys(['platform']))
    if (!['regions', 'clusters', 'latency'].includes(key))
      reader.report(['platform', key], `unknown key${hint(key, ['regions', 'clusters', 'latency'])}`, 'key');
  for (const key of Object.keys(PLACES)) checkNames(reader, ['platform', key]);
}

function checkSize(reader: SectionReader, path: readonly string[], most: number): void {
  const tree = treeAt(reader.tree, path);
  const size = tree?.kind === 'map' ? tree.entries.size : tree?.kind === 'list' ? tree.items.length : 0;
  if (size > most) reader.report(path, `has ${size} entries; at most ${most}`);
}

function checkNames(reader: SectionReader, path: readonly string[]): void {
  for (const name of reader.keys(path)) {
    if (name === 'constructor') reader.report([...path, name], '"constructor" is reserved', 'key');
    else if (!NAME.test(name))
      reader.report(
        [...path, name],
        'this name must be lower case letters, digits and hyphens, start with a letter, at most 50 characters',
        'key',
      );
  }
}
