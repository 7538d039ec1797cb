import { FormulaError, type BinaryOperator, type Formula } from './formula.ast.js';
import { binary, call, conditional, FUNCTIONS, list, unary } from './typed-nodes.js';
import { tokensOf, type Token } from './tokens.js';

/** Binary operators from the loosest to the tightest; `not`, `and` and `or` are words of expr-lang for `!`, `&&`, `||`. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'or'],
  ['&&', 'and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
const ALIASES: Readonly<Record<string, BinaryOperator>> = { or: '||', and: '&&', '^': '**' };
const DEEPEST = 100;

/**
 * Reads `scalingModifiers.formula`. Of the language expr-lang it takes what formulas use: numbers, trigger names,
 * `+ - * / % ** ^`, comparisons, `&& || !` and `and or not`, `?:`, lists, and the functions of `FUNCTIONS`, of which
 * `count`, `all`, `any`, `none` and `filter` take a predicate such as `{# > 1}`. Anything else is refused by name.
 * Source: expr-lang.org language definition; keda.sh scaling modifiers.
 * @param triggers names that the formula may use.
 * @throws {FormulaError} telling what is wrong, and where.
 */
export function parseFormula(text: string, triggers: readonly string[]): Formula {
  const parser = new FormulaParser(tokensOf(text), triggers);
  const formula = parser.whole();
  if (formula.type === 'boolean' || formula.type === 'list')
    throw new FormulaError(`must give a number, not a ${formula.type}; write for example "condition ? 5 : 0"`);
  return formula;
}

class FormulaParser {
  private position = 0;
  private depth = 0;
  private inPredicate = false;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly triggers: readonly string[],
  ) {}

  whole(): Formula {
    const formula = this.expression();
    if (this.token.kind !== 'end') throw this.unexpected();
    return formula;
  }

  private expression(): Formula {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new FormulaError(`is nested deeper than ${DEEPEST} levels`);
    const test = this.level(0);
    const result = this.take('?') ? this.branches(test) : test;
    this.depth -= 1;
    return result;
  }

  private branches(test: Formula): Formula {
    const then = this.expression();
    this.expect(':');
    return conditional(test, then, this.expression());
  }

  private level(index: number): Formula {
    const operators = LEVELS[index];
    if (!operators) return this.prefixed();
    let left = this.level(index + 1);
    while (operators.includes(this.token.text)) {
      const { text } = this.next();
      left = binary(ALIASES[text] ?? (text as BinaryOperator), left, this.level(index + 1));
    }
    return left;
  }

  private prefixed(): Formula {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new FormulaError(`is nested deeper than ${DEEPEST} levels`);
    const result = this.prefix();
    this.depth -= 1;
    return result;
  }

  private prefix(): Formula {
    if (this.take('-')) return unary('-', this.prefixed());
    if (this.take('+')) return this.prefixed();
    if (this.take('!') || this.take('not')) return unary('!', this.prefixed());
    const base = this.primary();
    // Tighter than a sign on its left, and from right to left.
    if (this.token.text !== '**' && this.token.text !== '^') return base;
    this.next();
    return binary('**', base, this.prefixed());
  }

  private primary(): Formula {
    const token = this.next();
    if (token.kind === 'number') return this.number(token);
    if (token.kind === 'name') return this.named(token);
    if (token.text === '(') return this.closed(')', () => this.expression());
    if (token.text === '[') return list(this.separated(']'));
    if (token.text === '#' && this.inPredicate) return { kind: 'element', type: 'float' };
    this.position -= 1;
    throw this.unexpected();
  }

  private number({ text }: Token): Formula {
    const type = /[.eE]/.test(text) ? 'float' : 'integer';
    return { kind: 'number', value: Number(text.replaceAll('_', '')), type };
  }

  private named({ text, at }: Token): Formula {
    if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true', type: 'boolean' };
    if (this.take('(')) return this.call(text, at);
    if (this.triggers.includes(text)) return { kind: 'trigger', name: text, type: 'float' };
    const known = this.triggers.length > 0 ? `known: ${this.triggers.join(', ')}` : 'give the triggers a name';
    throw new FormulaError(
      `unknown name ${text} at column ${at + 1}; ${known} (cpu and memory triggers cannot be used)`,
    );
  }

  private call(name: string, at: number): Formula {
    const rule = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!rule)
      throw new FormulaError(
        `function ${name} at column ${at + 1} is not supported; supported: ${Object.keys(FUNCTIONS).join(', ')}`,
      );
    if (!rule.predicate) return call(name, this.separated(')'));
    const source = this.expression();
    this.expect(',');
    return this.closed(')', () => call(name, [source, this.predicate()]));
  }

  /** `{# > 1}`, or the same without braces. */
  private predicate(): Formula {
    const outer = this.inPredicate;
    this.inPredicate = true;
    const result = this.take('{') ? this.closed('}', () => this.expression()) : this.expression();
    this.inPredicate = outer;
    return result;
  }

  private separated(end: string): readonly Formula[] {
    if (this.take(end)) return [];
    const items = [this.expression()];
    while (this.take(',')) items.push(this.expression());
    this.expect(end);
    return items;
  }

  private closed(end: string, read: () => Formula): Formula {
    const result = read();
    this.expect(end);
    return result;
  }

  private get token(): Token {
    return this.tokens[this.position]!;
  }

  private next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.position += 1;
    else throw this.unexpected();
    return token;
  }

  private take(text: string): boolean {
    if (this.token.text !== text || this.token.kind === 'end') return false;
    this.position += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text))
      throw new FormulaError(`expected "${text}" at column ${this.token.at + 1}, found ${this.token.text}`);
  }

  private unexpected(): FormulaError {
    const { text, at } = this.token;
    return new FormulaError(
      `${text} at column ${at + 1} is not supported here; supported: numbers, trigger names, arithmetic, comparisons, logic, ?: and functions`,
    );
  }
}
