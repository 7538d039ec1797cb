import { FormulaError, type BinaryOperator, type Formula, type FormulaType } from './formula.ast.js';

interface FunctionRule {
  readonly result: FormulaType | 'same';
  /** `list`: one list, or several numbers. */
  readonly takes: 'number' | 'list';
  readonly predicate?: true;
}

/** Functions of expr-lang that a formula may call, with what they take and give. */
export const FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  float: { result: 'float', takes: 'number' },
  int: { result: 'integer', takes: 'number' },
  abs: { result: 'same', takes: 'number' },
  ceil: { result: 'float', takes: 'number' },
  floor: { result: 'float', takes: 'number' },
  round: { result: 'float', takes: 'number' },
  min: { result: 'float', takes: 'list' },
  max: { result: 'float', takes: 'list' },
  sum: { result: 'float', takes: 'list' },
  mean: { result: 'float', takes: 'list' },
  median: { result: 'float', takes: 'list' },
  len: { result: 'integer', takes: 'list' },
  count: { result: 'integer', takes: 'list', predicate: true },
  all: { result: 'boolean', takes: 'list', predicate: true },
  any: { result: 'boolean', takes: 'list', predicate: true },
  none: { result: 'boolean', takes: 'list', predicate: true },
  filter: { result: 'list', takes: 'list', predicate: true },
};

const COMPARISONS: readonly string[] = ['<', '<=', '>', '>='];

export function binary(operator: BinaryOperator, left: Formula, right: Formula): Formula {
  return { kind: 'binary', operator, left, right, type: binaryType(operator, left.type, right.type) };
}

function binaryType(operator: BinaryOperator, left: FormulaType, right: FormulaType): FormulaType {
  const mismatch = `invalid operation: ${left} ${operator} ${right}`;
  if (operator === '&&' || operator === '||') {
    if (left === 'boolean' && right === 'boolean') return 'boolean';
    throw new FormulaError(`${mismatch}; both sides must be conditions`);
  }
  if (operator === '==' || operator === '!=') {
    if (left !== 'list' && (left === 'boolean') === (right === 'boolean') && right !== 'list') return 'boolean';
    throw new FormulaError(mismatch);
  }
  if (!isNumeric(left) || !isNumeric(right)) throw new FormulaError(`${mismatch}; both sides must be numbers`);
  if (COMPARISONS.includes(operator)) return 'boolean';
  if (operator === '%') {
    if (left === 'integer' && right === 'integer') return 'integer';
    throw new FormulaError(`${mismatch}; write int(trigger) % 2`);
  }
  return left === 'integer' && right === 'integer' && operator !== '/' && operator !== '**' ? 'integer' : 'float';
}

export function unary(operator: '-' | '!', operand: Formula): Formula {
  const { type } = operand;
  if (operator === '!' ? type !== 'boolean' : !isNumeric(type))
    throw new FormulaError(`invalid operation: ${operator} ${type}`);
  return { kind: 'unary', operator, operand, type };
}

export function conditional(test: Formula, then: Formula, otherwise: Formula): Formula {
  if (test.type !== 'boolean') throw new FormulaError(`the condition of ?: must be true or false, not a ${test.type}`);
  const numeric = isNumeric(then.type) && isNumeric(otherwise.type);
  if (!numeric && then.type !== otherwise.type)
    throw new FormulaError(`both branches of ?: must be of one type, not ${then.type} and ${otherwise.type}`);
  const type = numeric && then.type !== otherwise.type ? 'float' : then.type;
  return { kind: 'conditional', test, then, otherwise, type };
}

export function list(items: readonly Formula[]): Formula {
  if (!items.every(({ type }) => isNumeric(type))) throw new FormulaError('a list may hold numbers only');
  return { kind: 'list', items, type: 'list' };
}

/** `name` is one of FUNCTIONS. */
export function call(name: string, args: readonly Formula[]): Formula {
  const rule = FUNCTIONS[name]!;
  const [first] = args;
  if (!first) throw new FormulaError(`${name} needs an argument`);
  if (rule.predicate) {
    if (first.type !== 'list')
      throw new FormulaError(`${name} needs a list first, for example ${name}([a, b], {# > 1})`);
    if (args[1]?.type !== 'boolean') throw new FormulaError(`the predicate of ${name} must be true or false`);
  } else if (rule.takes === 'number' && (args.length !== 1 || !isNumeric(first.type))) {
    throw new FormulaError(`${name} takes one number`);
  } else if (
    rule.takes === 'list' &&
    !(args.length === 1 && first.type === 'list') &&
    !args.every(({ type }) => isNumeric(type))
  ) {
    throw new FormulaError(`${name} takes numbers, or one list of them`);
  }
  return { kind: 'call', name, args, type: rule.result === 'same' ? first.type : rule.result };
}

function isNumeric(type: FormulaType): boolean {
  return type === 'integer' || type === 'float';
}
