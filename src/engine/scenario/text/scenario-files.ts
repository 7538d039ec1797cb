import { LIMITS } from '../limits.js';
import { isNewer, versionProblem } from '../units/language-version.js';
import type { Place, ScenarioIssue } from '../scenario.errors.js';
import type { ScenarioSource } from '../scenario-source.types.js';
import { mergeScenarios } from './merge-trees.js';
import { readYaml } from './read-yaml.js';
import { mapTree } from './trees.js';
import type { MapTree, Tree } from './tree.types.js';

/** Files of a scenario: reads each through the source and keeps the budget of all of them. */
export class ScenarioFiles {
  /** By the name in messages: the path from the folder of the scenario. */
  private readonly paths = new Map<string, string>();
  private length = 0;
  private reads = 0;

  constructor(
    private readonly source: ScenarioSource,
    private readonly issues: ScenarioIssue[],
  ) {}

  /** The name in messages of a file that is named in the file of `place`. */
  nameOf(path: string, place: Place): string {
    const relative = this.resolve(path, place);
    const name = isAbsolute(relative) ? relative : normalise(`${folderOf(this.source.file)}${relative}`);
    this.paths.set(name, relative);
    return name;
  }

  /** The text of a file that is named at `place`. Undefined where that failed, which is reported there. */
  text(path: string, place: Place, at: string, longest: number = LIMITS.totalLength): string | undefined {
    const fail = (message: string) => this.fail(place, at, message);
    if (++this.reads > LIMITS.files) return fail(`a scenario reads at most ${LIMITS.files} files`);
    let text: string;
    try {
      text = this.source.read(this.resolve(path, place));
    } catch (error) {
      return fail(`cannot read "${path}": ${error instanceof Error ? error.message : String(error)}`);
    }
    return text.length > longest ? fail(`"${path}" is longer than ${longest} characters`) : text;
  }

  private resolve(path: string, { file }: Place): string {
    return isAbsolute(path) ? path : normalise(`${folderOf(this.paths.get(file) ?? '')}${path}`);
  }

  report(place: Place, path: string, message: string): void {
    this.fail(place, path, message);
  }

  private fail(place: Place, path: string, message: string): undefined {
    this.issues.push({ ...place, path, message });
    return undefined;
  }

  /** Documents of a text; what is wrong with them is reported. */
  yaml(text: string, file: string): readonly Tree[] {
    this.length += text.length;
    const top: Place = { file, line: 1, column: 1 };
    if (this.length > LIMITS.totalLength) {
      this.fail(top, '', `all files together are longer than ${LIMITS.totalLength} characters`);
      return [];
    }
    const { documents, issues } = readYaml(text, file);
    this.issues.push(...issues);
    return documents;
  }

  /** A scenario with what it includes underneath; undefined where nothing could be read. */
  scenario(text: string, file: string, including: readonly string[] = []): MapTree | undefined {
    const before = this.issues.length;
    const [tree, second] = this.yaml(text, file);
    if (!tree) {
      if (this.issues.length === before)
        this.fail({ file, line: 1, column: 1 }, '', 'is empty; a scenario starts with `dsim: 1`');
      return undefined;
    }
    if (second) this.fail(second.place, '', 'a scenario is one document; put the rest into a file and include it');
    if (tree.kind !== 'map') return this.fail(tree.place, '', 'must be a mapping that starts with `dsim: 1`');
    const version = tree.entries.get('dsim')?.tree;
    const value = version?.kind === 'scalar' ? version.value : undefined;
    if (version && (isNewer(value) || including.length > 0)) {
      const problem = versionProblem(value);
      if (problem !== null) return this.fail(version.place, 'dsim', problem);
    }
    return this.withIncludes(tree, [...including, file]);
  }

  private withIncludes(tree: MapTree, chain: readonly string[]): MapTree {
    const include = tree.entries.get('include')?.tree;
    if (!include) return tree;
    const own = mapTree(new Map([...tree.entries].filter(([key]) => key !== 'include')), tree.place);
    const items = include.kind === 'list' ? include.items : [include];
    let base: MapTree | undefined;
    for (const [index, item] of items.entries()) {
      const included = this.included(item, include.kind === 'list' ? `include[${index}]` : 'include', chain);
      if (included) base = base ? mergeScenarios(base, included) : included;
    }
    return base ? mergeScenarios(base, own) : own;
  }

  private included(item: Tree, at: string, chain: readonly string[]): MapTree | undefined {
    const { place } = item;
    if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value === '')
      return this.fail(place, at, 'must be the path of a file, for example ./fleet.yaml');
    const name = this.nameOf(item.value, place);
    if (chain.includes(name)) return this.fail(place, at, `includes itself: ${[...chain, name].join(' -> ')}`);
    if (chain.length > LIMITS.includeDepth)
      return this.fail(place, at, `includes go deeper than ${LIMITS.includeDepth} files`);
    const text = this.text(item.value, place, at);
    return text === undefined ? undefined : this.scenario(text, name, chain);
  }
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[a-zA-Z]:[/\\])/.test(path);
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
