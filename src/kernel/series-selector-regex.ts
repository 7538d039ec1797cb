import type { CharSet } from './series-selector-charset.js';
import { type Assertion, parseRegex, type RegexNode, RegexSyntaxError } from './series-selector-regex-parser.js';

const MAX_PATTERN_LENGTH = 2000;
const MAX_INSTRUCTIONS = 4000;
const MAX_ALTERNATIVES = 1000;
const MAX_REMEMBERED = 1000;

type Instruction =
  | { readonly op: 'set'; readonly set: CharSet }
  | { readonly op: 'assertion'; readonly assertion: Assertion }
  | { readonly op: 'fork'; readonly targets: number[] }
  | { readonly op: 'match' };

/**
 * A predicate "the whole text matches", with the syntax of RE2.
 *
 * JavaScript's own RegExp backtracks: `(a+)+$` on a label value could stall the process for hours. This runs all
 * alternatives side by side instead (Thompson, "Regular Expression Search Algorithm", CACM 1968; Cox,
 * swtch.com/~rsc/regexp): time is at most text length times pattern size, whatever the pattern. Patterns are limited
 * to 2,000 characters and 4,000 instructions, so `(x{1000}){1000}` is refused rather than expanded. Plain literals
 * and alternations of them are looked up, and verdicts on recent texts are remembered: label values repeat.
 *
 * @throws RegexSyntaxError
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new RegexSyntaxError(MAX_PATTERN_LENGTH, `a regular expression has at most ${MAX_PATTERN_LENGTH} characters`);
  }
  const tree = parseRegex(pattern);
  const literals = literalAlternatives(tree);
  if (literals !== undefined) {
    const accepted = new Set(literals);
    return (text) => accepted.has(text);
  }
  const program: Instruction[] = [];
  emit(tree, program);
  program.push({ op: 'match' });
  const remembered = new Map<string, boolean>();
  return (text) => {
    let verdict = remembered.get(text);
    if (verdict === undefined) {
      verdict = run(program, text);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(text, verdict);
    }
    return verdict;
  };
}

/** The texts the node stands for, where it is nothing but literals. */
function literalAlternatives(node: RegexNode): string[] | undefined {
  switch (node.kind) {
    case 'set':
      return node.literal === undefined ? undefined : [node.literal];
    case 'alternation': {
      const all = node.parts.map(literalAlternatives);
      return all.every((texts) => texts !== undefined) ? all.flat() : undefined;
    }
    case 'concatenation': {
      let texts = [''];
      for (const part of node.parts) {
        const tails = literalAlternatives(part);
        if (tails === undefined || texts.length * tails.length > MAX_ALTERNATIVES) return undefined;
        texts = texts.flatMap((head) => tails.map((tail) => head + tail));
      }
      return texts;
    }
    case 'assertion':
    case 'repetition':
      return undefined;
  }
}

function emit(node: RegexNode, program: Instruction[]): void {
  if (program.length > MAX_INSTRUCTIONS) {
    throw new RegexSyntaxError(
      0,
      `the expression is too large (more than ${MAX_INSTRUCTIONS} steps); lower its repetitions`,
    );
  }
  switch (node.kind) {
    case 'set':
      program.push({ op: 'set', set: node.set });
      return;
    case 'assertion':
      program.push({ op: 'assertion', assertion: node.assertion });
      return;
    case 'concatenation':
      for (const part of node.parts) emit(part, program);
      return;
    case 'alternation': {
      const targets: number[] = [];
      program.push({ op: 'fork', targets });
      const exits = node.parts.map((part) => {
        targets.push(program.length);
        emit(part, program);
        const exit: number[] = [];
        program.push({ op: 'fork', targets: exit });
        return exit;
      });
      for (const exit of exits) exit.push(program.length);
      return;
    }
    case 'repetition':
      emitRepetition(node.part, node.min, node.max, program);
  }
}

function emitRepetition(part: RegexNode, min: number, max: number, program: Instruction[]): void {
  for (let i = 0; i < min; i++) emit(part, program);
  if (max === Infinity) {
    const targets = [program.length + 1];
    const start = program.length;
    program.push({ op: 'fork', targets });
    emit(part, program);
    program.push({ op: 'fork', targets: [start] });
    targets.push(program.length);
    return;
  }
  const skips: number[][] = [];
  for (let i = min; i < max; i++) {
    const targets = [program.length + 1];
    program.push({ op: 'fork', targets });
    skips.push(targets);
    emit(part, program);
  }
  for (const targets of skips) targets.push(program.length);
}

function run(program: readonly Instruction[], text: string): boolean {
  let current: number[] = [];
  let next: number[] = [];
  const seenAt = new Int32Array(program.length).fill(-1);
  const stack: number[] = [];
  let before = -1;
  let position = 0;
  const follow = (start: number, into: number[], step: number, after: number): boolean => {
    let matched = false;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (seenAt[at] === step) continue;
      seenAt[at] = step;
      const instruction = program[at]!;
      if (instruction.op === 'set') into.push(at);
      else if (instruction.op === 'fork') stack.push(...instruction.targets);
      else if (instruction.op === 'match') matched = true;
      else if (holds(instruction.assertion, before, after)) stack.push(at + 1);
    }
    return matched;
  };
  let after = codePointAt(text, 0);
  let matched = follow(0, current, 0, after);
  for (let step = 1; after >= 0; step++) {
    const codePoint = after;
    position += codePoint > 0xffff ? 2 : 1;
    after = codePointAt(text, position);
    before = codePoint;
    matched = false;
    for (const at of current) {
      const instruction = program[at]!;
      if (instruction.op === 'set' && instruction.set.has(codePoint))
        matched = follow(at + 1, next, step, after) || matched;
    }
    [current, next] = [next, current];
    next.length = 0;
    if (current.length === 0 && after >= 0) return false;
  }
  return matched;
}

function codePointAt(text: string, position: number): number {
  return text.codePointAt(position) ?? -1;
}

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'text-start':
      return before < 0;
    case 'text-end':
      return after < 0;
    case 'line-start':
      return before < 0 || before === 10;
    case 'line-end':
      return after < 0 || after === 10;
    case 'word-boundary':
      return isWord(before) !== isWord(after);
    case 'no-word-boundary':
      return isWord(before) === isWord(after);
  }
}

function isWord(codePoint: number): boolean {
  return (
    (codePoint >= 97 && codePoint <= 122) ||
    (codePoint >= 65 && codePoint <= 90) ||
    (codePoint >= 48 && codePoint <= 57) ||
    codePoint === 95
  );
}
