import { FormulaError } from './formula.ast.js';

export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'end';
  readonly text: string;
  /** Characters from the start. */
  readonly at: number;
}

const NUMBER = /^(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const NAME = /^[A-Za-z_$][\w$]*/;
const SYMBOL = /^(?:\*\*|==|!=|<=|>=|&&|\|\||\.\.|\?\?|\?\.|[-+*/%^<>!?:(),[\]{}#.|;=])/;

/** Splits a formula of expr-lang into tokens. @throws {FormulaError} at a character that it does not know. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const [kind, found] = match(rest);
    if (found === undefined)
      throw new FormulaError(`unrecognized character ${JSON.stringify(rest[0])} at column ${at + 1}`);
    tokens.push({ kind, text: found, at });
    at += found.length;
  }
  return [...tokens, { kind: 'end', text: 'end of formula', at }];
}

function match(rest: string): readonly [Token['kind'], string | undefined] {
  const number = NUMBER.exec(rest)?.[0];
  if (number !== undefined) return ['number', number];
  const name = NAME.exec(rest)?.[0];
  if (name !== undefined) return ['name', name];
  return ['symbol', SYMBOL.exec(rest)?.[0]];
}
