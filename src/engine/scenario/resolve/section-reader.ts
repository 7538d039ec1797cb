import type { z } from 'zod';
import { InvalidScenarioError, MOST_ISSUES, type Place, type ScenarioIssue } from '../scenario.errors.js';
import type { ScenarioNote } from '../scenario.types.js';
import { findingsOf } from '../schema/format-issue.js';
import { hint } from '../text/suggest.js';
import { placeOf, plainOf, printPath, treeAt } from '../text/trees.js';
import type { Path, Tree } from '../text/tree.types.js';

/**
 * Reads a tree section by section and collects what is wrong, with its place. A section that does not fit its schema is
 * undefined, and the others are read all the same: every mistake is reported in one go.
 */
export class SectionReader {
  constructor(
    readonly tree: Tree,
    readonly issues: ScenarioIssue[],
  ) {}

  readonly notes: ScenarioNote[] = [];

  /** Paths of sections in which something was left out because it was wrong. */
  private readonly repaired = new Set<string>();

  /** What follows from a mistake that is known already (a part left out is missing now) is not reported. */
  report(path: Path, message: string, at: 'value' | 'key' = 'value'): undefined {
    if (this.repaired.has(printPath(path))) return undefined;
    this.issues.push({ ...placeOf(this.tree, path, at), path: printPath(path), message });
    return undefined;
  }

  /** What stands there is right, and has no effect. */
  note(path: Path, message: string, at: 'value' | 'key' = 'value'): void {
    this.notes.push({ ...placeOf(this.tree, path, at), path: printPath(path), message });
  }

  placeOf(path: Path): Place {
    return placeOf(this.tree, path);
  }

  /** Whether there is anything at the path. */
  has(path: Path): boolean {
    return treeAt(this.tree, path) !== undefined;
  }

  /** What stands there, unread. */
  plain(path: Path): unknown {
    const tree = treeAt(this.tree, path);
    return tree && plainOf(tree);
  }

  read<Schema extends z.ZodType>(path: Path, schema: Schema): z.output<Schema> | undefined {
    return this.readValue(path, schema, this.plain(path));
  }

  /**
   * Wrong parts are reported and then left out, where that makes the rest readable: its names are still looked up, so
   * that all mistakes show in one go.
   */
  readValue<Schema extends z.ZodType>(path: Path, schema: Schema, value: unknown): z.output<Schema> | undefined {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    const findings = findingsOf(result.error.issues, path);
    for (const { path: at, message, at: what } of findings) this.report(at, message, what);
    const wrong = findings.map((finding) => finding.path.slice(path.length));
    const repaired = schema.safeParse(without(value, wrong));
    if (!repaired.success) return undefined;
    for (const finding of findings)
      for (let length = path.length; length < finding.path.length; length++)
        this.repaired.add(printPath(finding.path.slice(0, length)));
    return repaired.data;
  }

  /** Entries of a mapping by name, each read on its own; undefined: it does not fit. */
  entries<Schema extends z.ZodType>(path: Path, schema: Schema): Map<string, z.output<Schema> | undefined> {
    const found = new Map<string, z.output<Schema> | undefined>();
    for (const name of this.keys(path)) found.set(name, this.read([...path, name], schema));
    return found;
  }

  /** Items of a list, each read on its own; undefined: it does not fit. */
  items<Schema extends z.ZodType>(path: Path, schema: Schema): (z.output<Schema> | undefined)[] {
    const tree = treeAt(this.tree, path);
    if (tree?.kind !== 'list') return [];
    return tree.items.map((_, index) => this.read([...path, index], schema));
  }

  keys(path: Path): string[] {
    const tree = treeAt(this.tree, path);
    return tree?.kind === 'map' ? [...tree.entries.keys()] : [];
  }

  /** Whether the name is among the known ones; complains otherwise. */
  knows(
    path: Path,
    what: string,
    name: string,
    known: { has(name: string): boolean; keys(): Iterable<string> },
  ): boolean {
    if (known.has(name)) return true;
    // Looking for what was meant takes long, and nobody reads the thousandth mistake.
    const near = this.issues.length < MOST_ISSUES ? hint(name, known.keys()) : '';
    this.report(path, `there is no ${what} "${name}"${near}`);
    return false;
  }

  /** @throws InvalidScenarioError if anything was reported */
  finish(): void {
    if (this.issues.length > 0) throw new InvalidScenarioError(inOrder(this.issues));
  }
}

/** A copy without the values at the paths. Items of lists stay, as the positions of others would change. */
function without(value: unknown, paths: readonly Path[]): unknown {
  const copy = structuredClone(value);
  for (const path of paths) {
    let here = copy;
    for (const step of path.slice(0, -1)) here = isObject(here) ? here[step] : undefined;
    const last = path.at(-1);
    if (last !== undefined && isObject(here) && !Array.isArray(here)) delete here[last];
  }
  return copy;
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

/** File by file as they were met, from top to bottom. */
export function inOrder<Placed extends Place>(issues: readonly Placed[]): Placed[] {
  const files = [...new Set(issues.map(({ file }) => file))];
  const rank = new Map(files.map((file, index) => [file, index]));
  return issues.toSorted((a, b) => rank.get(a.file)! - rank.get(b.file)! || a.line - b.line || a.column - b.column);
}
