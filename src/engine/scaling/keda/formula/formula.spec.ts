import { describe, expect, it } from 'vitest';
import { evaluateFormula } from './evaluate-formula.js';
import { FormulaError } from './formula.ast.js';
import { parseFormula } from './parse-formula.js';

const TRIGGERS = { trig_one: 3, trig_two: 5, trig_three: 0.5 };
const run = (text: string, values: Record<string, number> = TRIGGERS): number =>
  evaluateFormula(parseFormula(text, Object.keys(TRIGGERS)), values);

describe('formulas', () => {
  // The first five are the examples of keda.sh, "Scaling Modifiers".
  it.each([
    ['(trig_one + trig_two)/2', 4],
    ['trig_one > 2 ? trig_one + trig_two : 1', 8],
    ['count([trig_one,trig_two,trig_three],{#>1}) > 1 ? 5 : 0', 5],
    ['trig_one < 2 ? trig_one+trig_two >= 2 ? 5 : 10 : 0', 0],
    ['float(trig_one)', 3],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['7 / 2', 3.5],
    ['int(trig_two) % 3', 2],
    ['2 ** 3 ** 2', 512],
    ['-2 ^ 2', -4],
    ['--3', 3],
    ['trig_one > 2 && trig_two < 6 ? 1 : 0', 1],
    ['not (trig_one == 3) or trig_two != 5 ? 1 : 0', 0],
    ['true and !false ? 1e1 : .5', 10],
    ['min(trig_one, trig_two) + max([trig_one, trig_two])', 8],
    ['sum([1,2,3]) + mean(1, 3) + median([3, 1, 2]) + median(1, 2)', 11.5],
    ['len(filter([trig_one, trig_two], # > 4))', 1],
    ['all([1,2], {# > 0}) && any([1,2], # > 1) && none([1], # > 1) ? 1 : 0', 1],
    ['round(2.5) + round(-2.5) + ceil(0.1) + floor(0.9) + abs(-1)', 2],
    ['1_000 + 1', 1001],
  ])('%s = %d', (text, expected) => {
    expect(run(text)).toBeCloseTo(expected, 12);
  });

  it('takes a trigger without a value as 0', () => {
    expect(run('trig_one + 1', {})).toBe(1);
  });

  it('gives what is no number where there is none', () => {
    expect(run('trig_one / (trig_two - 5)')).toBe(Infinity);
    expect(run('mean(filter([1], # > 1))')).toBeNaN();
  });

  it.each([
    ['', 'end of formula'],
    ['trig_four', 'unknown name trig_four at column 1; known: trig_one, trig_two, trig_three'],
    ['trig_one > 2', 'must give a number, not a boolean'],
    ['[1, 2]', 'must give a number, not a list'],
    ['trig_one % 2', 'invalid operation: float % integer; write int(trigger) % 2'],
    ['trig_one && 1 ? 1 : 0', 'both sides must be conditions'],
    ['trig_one ? 1 : 0', 'must be true or false'],
    ['true ? 1 : false', 'both branches'],
    ['true + 1', 'both sides must be numbers'],
    ['!trig_one ? 1 : 0', 'invalid operation: ! float'],
    ['map([1], {#})', 'function map at column 1 is not supported; supported: float, int'],
    ['constructor(1)', 'function constructor'],
    ['trig_one ?? 1', '?? at column 10 is not supported here'],
    ['trig_one; 2', '; at column 9'],
    ['"text"', 'unrecognized character "\\"" at column 1'],
    ['(trig_one', 'expected ")"'],
    ['trig_one +', 'end of formula at column 11'],
    ['#', '# at column 1'],
    ['count([1], 2)', 'the predicate of count must be true or false'],
    ['count(1, {# > 1})', 'count needs a list first'],
    ['abs(1, 2)', 'abs takes one number'],
    ['min(true)', 'min takes numbers'],
    ['max()', 'max needs an argument'],
    ['[true]', 'a list may hold numbers only'],
    ['let x = 1; x', 'unknown name let'],
    ['trig_one.constructor', '. at column 9'],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, 'nested deeper'],
  ])('refuses %j', (text, message) => {
    expect(() => parseFormula(text, Object.keys(TRIGGERS))).toThrow(FormulaError);
    expect(() => parseFormula(text, Object.keys(TRIGGERS))).toThrow(message);
  });
});
