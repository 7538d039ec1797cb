import {
  anyChar,
  type CharSet,
  complementOf,
  ignoringCase,
  PERL_CLASSES,
  POSIX_CLASSES,
  rangeSet,
  unicodeClass,
  unionOf,
} from './series-selector-charset.js';

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-boundary' | 'no-word-boundary';

export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet; readonly literal?: string }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'concatenation'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'alternation'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repetition'; readonly part: RegexNode; readonly min: number; readonly max: number };

/** What is wrong with a pattern, and at which code point of it. */
export class RegexSyntaxError extends Error {
  constructor(
    readonly position: number,
    message: string,
  ) {
    super(message);
  }
}

const MAX_REPEAT = 1000;
const MAX_NESTING = 100;
const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const ANCHORS: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  b: 'word-boundary',
  B: 'no-word-boundary',
};

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotMatchesNewline: boolean;
}

/** Parses the syntax of RE2 (github.com/google/re2/wiki/Syntax) as Prometheus takes it: `.` matches newlines. */
export function parseRegex(pattern: string): RegexNode {
  return new RegexParser(pattern).parse();
}

class RegexParser {
  private readonly chars: readonly string[];
  private at = 0;
  private nesting = 0;
  private flags: Flags = { ignoreCase: false, multiLine: false, dotMatchesNewline: true };

  constructor(pattern: string) {
    this.chars = [...pattern];
  }

  parse(): RegexNode {
    const node = this.alternation();
    if (this.at < this.chars.length) throw this.error('")" without "("');
    return node;
  }

  private alternation(): RegexNode {
    const parts = [this.concatenation()];
    while (this.take('|')) parts.push(this.concatenation());
    return parts.length === 1 ? parts[0]! : { kind: 'alternation', parts };
  }

  private concatenation(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.at < this.chars.length && this.chars[this.at] !== '|' && this.chars[this.at] !== ')') {
      const atom = this.atom();
      parts.push(...(Array.isArray(atom) ? atom : [this.quantified(atom)]));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'concatenation', parts };
  }

  private quantified(atom: RegexNode): RegexNode {
    const bounds = this.quantifier();
    if (bounds === undefined) return atom;
    this.take('?'); // Lazy or greedy makes no difference to whether the whole text matches.
    const before = this.at;
    if (this.quantifier() !== undefined) {
      this.at = before;
      throw this.error('a repetition cannot be repeated; put it in a group');
    }
    return { kind: 'repetition', part: atom, ...bounds };
  }

  private quantifier(): { min: number; max: number } | undefined {
    if (this.take('*')) return { min: 0, max: Infinity };
    if (this.take('+')) return { min: 1, max: Infinity };
    if (this.take('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(this.chars.slice(this.at, this.at + 16).join(''));
    if (counted === null) return undefined;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
      throw this.error(`at most ${MAX_REPEAT} repetitions`);
    if (max < min) throw this.error('a repetition whose upper bound is below the lower one');
    this.at += counted[0].length;
    return { min, max };
  }

  /** One atom, or the several literals of \Q...\E. */
  private atom(): RegexNode | RegexNode[] {
    const char = this.chars[this.at]!;
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'set', set: this.charClass() };
      case '.':
        this.at++;
        return { kind: 'set', set: this.flags.dotMatchesNewline ? anyChar() : complementOf(rangeSet([[10, 10]])) };
      case '^':
        this.at++;
        return { kind: 'assertion', assertion: this.flags.multiLine ? 'line-start' : 'text-start' };
      case '$':
        this.at++;
        return { kind: 'assertion', assertion: this.flags.multiLine ? 'line-end' : 'text-end' };
      case '*':
      case '+':
      case '?':
        throw this.error(`nothing to repeat before "${char}"`);
      case '\\':
        return this.escape();
      default:
        this.at++;
        return this.literal(char);
    }
  }

  private group(): RegexNode {
    const open = this.at++;
    if (++this.nesting > MAX_NESTING) throw this.error(`groups nest deeper than ${MAX_NESTING}`);
    const outer = this.flags;
    if (this.take('?')) {
      const name = /^P?<(\w+)>/.exec(this.chars.slice(this.at, this.at + 100).join(''));
      if (name !== null) {
        this.at += name[0].length;
      } else if (this.readFlags(open)) {
        this.nesting--;
        return { kind: 'concatenation', parts: [] }; // `(?i)`: holds to the end of the enclosing group.
      }
    }
    const node = this.alternation();
    if (!this.take(')')) throw new RegexSyntaxError(open, '"(" without ")"');
    this.flags = outer;
    this.nesting--;
    return node;
  }

  /** Reads `i-s:` or `i-s)`; true where the group ends with the flags. */
  private readFlags(open: number): boolean {
    let on = true;
    for (; this.at < this.chars.length; this.at++) {
      const char = this.chars[this.at]!;
      if (char === '-' && on) on = false;
      else if (char === 'i') this.flags = { ...this.flags, ignoreCase: on };
      else if (char === 'm') this.flags = { ...this.flags, multiLine: on };
      else if (char === 's') this.flags = { ...this.flags, dotMatchesNewline: on };
      else if (char === ':' || char === ')') {
        this.at++;
        return char === ')';
      } else if (char !== 'U') break;
    }
    throw new RegexSyntaxError(open, 'an unknown kind of group; RE2 has no look-around');
  }

  private escape(): RegexNode | RegexNode[] {
    const next = this.chars[this.at + 1];
    const assertion = next === undefined ? undefined : ANCHORS[next];
    if (assertion !== undefined) {
      this.at += 2;
      return { kind: 'assertion', assertion };
    }
    if (next === 'Q') return this.quotedLiterals();
    const set = this.classEscape();
    if (set !== undefined) return { kind: 'set', set };
    return this.literal(String.fromCodePoint(this.charEscape()));
  }

  private quotedLiterals(): RegexNode[] {
    this.at += 2;
    const literals: RegexNode[] = [];
    for (; this.at < this.chars.length; this.at++) {
      if (this.chars[this.at] === '\\' && this.chars[this.at + 1] === 'E') {
        this.at += 2;
        break;
      }
      literals.push(this.literal(this.chars[this.at]!));
    }
    const last = literals.pop();
    return last === undefined ? [] : [...literals, this.quantified(last)];
  }

  /** `\d`, `\W`, `\pL`, `\P{Greek}`; undefined for other escapes. */
  private classEscape(): CharSet | undefined {
    const letter = this.chars[this.at + 1] ?? '';
    const perl = PERL_CLASSES[letter.toLowerCase()];
    if (perl !== undefined) {
      this.at += 2;
      return letter === letter.toLowerCase() ? perl : complementOf(perl);
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    const name = /^(?:([A-Z])|\{(\^?)(\w+)\})/.exec(this.chars.slice(this.at + 2, this.at + 60).join(''));
    const set = name === null ? undefined : unicodeClass(name[1] ?? name[3]!);
    if (name === null || set === undefined) throw this.error('an unknown Unicode class');
    this.at += 2 + name[0].length;
    return (letter === 'P') !== (name[2] === '^') ? complementOf(set) : set;
  }

  /** An escape that stands for one character. */
  private charEscape(): number {
    const rest = this.chars.slice(this.at + 1, this.at + 12).join('');
    const hex = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest);
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const control = CONTROL[rest[0] ?? ''];
    if (hex !== null || octal !== null) {
      const codePoint = hex !== null ? parseInt(hex[1] ?? hex[2]!, 16) : parseInt(octal![0], 8);
      if (codePoint > 0x10ffff) throw this.error('a character beyond Unicode');
      this.at += 1 + (hex ?? octal!)[0].length;
      return codePoint;
    }
    if (control === undefined && !/^[!-/:-@[-`{-~]/.test(rest)) {
      throw this.error(rest === '' ? 'a backslash at the end' : `unknown escape "\\${rest[0]}"`);
    }
    this.at += 2;
    return control ?? rest.codePointAt(0)!;
  }

  private charClass(): CharSet {
    const open = this.at++;
    const negated = this.take('^');
    const sets: CharSet[] = [];
    for (let first = true; first || this.chars[this.at] !== ']'; first = false) {
      if (this.at >= this.chars.length) throw new RegexSyntaxError(open, '"[" without "]"');
      const posix = /^\[:(\^?)(\w+):\]/.exec(this.chars.slice(this.at, this.at + 20).join(''));
      if (posix !== null) {
        const set = POSIX_CLASSES[posix[2]!];
        if (set === undefined) throw this.error(`unknown class "${posix[0]}"`);
        sets.push(posix[1] === '^' ? complementOf(set) : set);
        this.at += posix[0].length;
        continue;
      }
      const escaped = this.chars[this.at] === '\\' ? this.classEscape() : undefined;
      if (escaped !== undefined) {
        sets.push(escaped);
        continue;
      }
      const from = this.classChar();
      let to = from;
      if (this.chars[this.at] === '-' && this.chars[this.at + 1] !== ']' && this.at + 1 < this.chars.length) {
        this.at++;
        to = this.classChar();
        if (to < from) throw this.error('a range that runs backwards');
      }
      sets.push(rangeSet([[from, to]]));
    }
    this.at++;
    // Case is folded before the complement: [^a] with (?i) excludes "A" too.
    const set = this.flags.ignoreCase ? ignoringCase(unionOf(sets)) : unionOf(sets);
    return negated ? complementOf(set) : set;
  }

  private classChar(): number {
    if (this.chars[this.at] === '\\') return this.charEscape();
    const char = this.chars[this.at];
    if (char === undefined) throw this.error('"[" without "]"');
    this.at++;
    return char.codePointAt(0)!;
  }

  private literal(char: string): RegexNode {
    const codePoint = char.codePointAt(0)!;
    const set = rangeSet([[codePoint, codePoint]]);
    return this.flags.ignoreCase ? { kind: 'set', set: ignoringCase(set) } : { kind: 'set', set, literal: char };
  }

  private take(char: string): boolean {
    if (this.chars[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private error(message: string): RegexSyntaxError {
    return new RegexSyntaxError(this.at, message);
  }
}
