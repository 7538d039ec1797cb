import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { LIMITS } from '../limits.js';
import type { Place, ScenarioIssue } from '../scenario.errors.js';
import { listTree, mapTree, printPath, scalarTree } from './trees.js';
import type { Entry, Tree } from './tree.types.js';

export interface ReadYaml {
  /** One per document of the stream that is not empty. */
  readonly documents: readonly Tree[];
  readonly issues: readonly ScenarioIssue[];
}

const TOO_DEEP = `nests deeper than ${LIMITS.depth} levels`;

/** Stops the walk over a document that can no longer be right. */
class Unreadable extends Error {}

/**
 * Reads YAML 1.2 (and so JSON) with the place of every value. Anchors, aliases and merge keys (`<<`) are resolved.
 * Never throws: what cannot be read is an issue. Takes time linear in the length of the text.
 */
export function readYaml(text: string, file: string): ReadYaml {
  const issues: ScenarioIssue[] = [];
  const top: Place = { file, line: 1, column: 1 };
  const report = (place: Place, message: string, path = '') => void issues.push({ ...place, path, message });
  if (text.length > LIMITS.fileLength) {
    report(top, `is longer than ${LIMITS.fileLength} characters; split it into includes`);
    return { documents: [], issues };
  }
  const lines = new LineCounter();
  const documents: Tree[] = [];
  try {
    const refused = refusedByItsWords(text);
    if (refused !== null) {
      report(top, refused);
      return { documents: [], issues };
    }
    // Unique keys are checked below: the package compares every pair of keys.
    const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
    for (const document of 'empty' in parsed ? [] : parsed) {
      for (const error of [...document.errors, ...document.warnings])
        report(placeAt(lines, file, error.pos[0]), syntaxMessage(error.message));
      if (document.errors.length + document.warnings.length > 0) continue;
      const walk = new Walk(file, lines, report);
      if (document.contents !== null && !isEmpty(document)) documents.push(walk.tree(document.contents, 0));
    }
  } catch (error) {
    if (error instanceof RangeError) report(top, TOO_DEEP);
    else if (!(error instanceof Unreadable)) throw error;
  }
  return { documents, issues };
}

class Walk {
  private readonly anchors = new Map<string, Tree>();
  /** Where the walk is. */
  private readonly path: (string | number)[] = [];
  private size = 0;

  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
    private readonly tell: (place: Place, message: string, path: string) => void,
  ) {}

  tree(node: Node | null, depth: number): Tree {
    const place = this.place(node);
    if (depth > LIMITS.depth) this.stop(place, TOO_DEEP);
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (!target)
        this.stop(place, `*${node.source} refers to no anchor before it; write &${node.source} at a value above`);
      this.count(target.size, place);
      return target;
    }
    this.count(1, place);
    const tree = this.content(node, place, depth);
    const anchor = node !== null && 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.anchors.set(anchor, tree);
    return tree;
  }

  private content(node: Node | null, place: Place, depth: number): Tree {
    if (isMap(node)) return this.map(node, place, depth);
    if (isSeq(node)) {
      return listTree(
        node.items.map((item, index) => this.inside(index, item as Node | null, depth)),
        place,
      );
    }
    return scalarTree(isScalar(node) ? this.scalar(node, place) : null, place);
  }

  private map(node: YAMLMap, place: Place, depth: number): Tree {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const key = this.place(pair.key);
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (name === undefined) {
        this.report(key, 'a key must be a word');
        continue;
      }
      const tree = this.inside(name, pair.value, depth);
      if (name === '<<') merged.push(...(tree.kind === 'list' ? tree.items : [tree]));
      else if (name === '__proto__') this.report(key, '"__proto__" is reserved; choose another name', name);
      else if (entries.has(name))
        this.report(key, `"${name}" is given twice; the first is at line ${entries.get(name)!.key.line}`, name);
      else
        entries.set(name, {
          key,
          tree: tree.kind === 'scalar' && pair.value === null ? { ...tree, place: key } : tree,
        });
    }
    for (const source of merged) {
      if (source.kind !== 'map') this.report(place, '"<<" merges mappings only');
      else for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    const tree = mapTree(entries, place);
    if (merged.length > 0) this.count(tree.size, place);
    return tree;
  }

  private inside(step: string | number, node: Node | null, depth: number): Tree {
    this.path.push(step);
    const tree = this.tree(node, depth + 1);
    this.path.pop();
    return tree;
  }

  private report(place: Place, message: string, ...below: readonly string[]): void {
    this.tell(place, message, printPath([...this.path, ...below]));
  }

  private scalar(node: Scalar, place: Place): string | number | boolean | null {
    const { value } = node;
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    this.report(place, 'must be text, a number, true or false');
    return null;
  }

  private count(size: number, place: Place): void {
    this.size += size;
    if (this.size > LIMITS.nodes) this.stop(place, `has more than ${LIMITS.nodes} values, aliases resolved`);
  }

  private stop(place: Place, message: string): never {
    this.report(place, message);
    throw new Unreadable();
  }

  private place(node: Node | null): Place {
    return placeAt(this.lines, this.file, node?.range?.[0] ?? 0);
  }
}

/**
 * Looks at the words of the text before they are put together, which costs a tenth: brackets that open too deep, or
 * more words than a scenario can have, are found without building anything.
 */
function refusedByItsWords(text: string): string | null {
  if (/^[ \t]*(?:[-?:][ \t]+){61}/m.test(text)) return TOO_DEEP;
  let depth = 0;
  let words = 0;
  for (const word of new Lexer().lex(text)) {
    if (++words > LIMITS.words) return `has more than ${LIMITS.words} words; split it into includes`;
    if (word === '[' || word === '{') depth++;
    else if (word === ']' || word === '}') depth--;
    if (depth > LIMITS.depth) return TOO_DEEP;
  }
  return null;
}

function isEmpty({ contents }: Document): boolean {
  return isScalar(contents) && contents.value === null && contents.source === '';
}

function placeAt(lines: LineCounter, file: string, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** The package says where in the text as well; the place is printed in front already. */
function syntaxMessage(message: string): string {
  return message.replace(/ at line \d+, column \d+:[\s\S]*$/, '').trim();
}
