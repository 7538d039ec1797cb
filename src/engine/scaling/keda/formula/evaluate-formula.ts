import type { Formula } from './formula.ast.js';

type Value = number | boolean | readonly number[];
type Values = Readonly<Record<string, number>>;

/**
 * Value of a formula for the triggers' values. May be infinite or not a number (division by zero, mean of nothing),
 * which the caller must treat as an error. A trigger without a value counts as 0, as a missing key does in expr-lang.
 */
export function evaluateFormula(formula: Formula, triggers: Values): number {
  return evaluate(formula, triggers, 0) as number;
}

/** `element` is what `#` stands for. */
function evaluate(node: Formula, triggers: Values, element: number): Value {
  const at = (child: Formula): number => evaluate(child, triggers, element) as number;
  switch (node.kind) {
    case 'number':
    case 'boolean':
      return node.value;
    case 'trigger':
      return Object.hasOwn(triggers, node.name) ? triggers[node.name]! : 0;
    case 'element':
      return element;
    case 'list':
      return node.items.map(at);
    case 'unary':
      return node.operator === '-' ? -at(node.operand) : !at(node.operand);
    case 'conditional':
      return at(node.test) ? evaluate(node.then, triggers, element) : evaluate(node.otherwise, triggers, element);
    case 'binary':
      return applyBinary(node, at);
    case 'call': {
      const [first, predicate] = node.args;
      if (predicate && predicate.type === 'boolean') {
        const items = evaluate(first!, triggers, element) as unknown as readonly number[];
        return applyPredicate(node.name, items, (item) => evaluate(predicate, triggers, item) === true);
      }
      const values = node.args.flatMap((argument) => evaluate(argument, triggers, element) as number | number[]);
      return applyFunction(node.name, values);
    }
  }
}

function applyBinary(node: Extract<Formula, { kind: 'binary' }>, at: (child: Formula) => number): Value {
  const left = at(node.left);
  switch (node.operator) {
    case '&&':
      return left ? at(node.right) : left;
    case '||':
      return left ? left : at(node.right);
    default:
      break;
  }
  const right = at(node.right);
  switch (node.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

function applyPredicate(name: string, items: readonly number[], holds: (item: number) => boolean): Value {
  switch (name) {
    case 'count':
      return items.filter(holds).length;
    case 'all':
      return items.every(holds);
    case 'any':
      return items.some(holds);
    case 'none':
      return !items.some(holds);
    default:
      return items.filter(holds);
  }
}

function applyFunction(name: string, values: readonly number[]): number {
  const [first = NaN] = values;
  switch (name) {
    case 'int':
      return Math.trunc(first);
    case 'abs':
      return Math.abs(first);
    case 'ceil':
      return Math.ceil(first);
    case 'floor':
      return Math.floor(first);
    case 'round':
      // Halves go away from zero in Go.
      return Math.sign(first) * Math.round(Math.abs(first));
    case 'min':
      return values.length === 0 ? NaN : Math.min(...values);
    case 'max':
      return values.length === 0 ? NaN : Math.max(...values);
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'median':
      return median(values);
    case 'len':
      return values.length;
    default:
      return first;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
