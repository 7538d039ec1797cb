import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { drawer, mutateText, mutateValue } from '../../../test/support/scenario/mutate-scenario.js';
import { RICH } from '../../../test/support/scenario/rich-scenario.js';
import { issuesOf, parseText, SMALL } from '../../../test/support/scenario/scenario-text.js';

const FILES = { 'shop.yaml': SMALL, 'a.yaml': 'include: shop.yaml', 'load.csv': 'time,value\n0,1\n60,2\n' };
/** Any error that is no InvalidScenarioError leaves this as it is. */
const refusals = (text: string) => issuesOf(() => parseText(text, { files: FILES }));
const repeat = (text: string, count: number, part: (index: number) => string) =>
  `${text}${Array.from({ length: count }, (_, index) => part(index)).join('')}`;

describe('any text', () => {
  it('the file with everything is valid', () => {
    expect(refusals(RICH)).toEqual([]);
  });

  it.each([
    ['the small scenario', SMALL, 250],
    ['the file with everything', RICH, 60],
  ])(
    'is a scenario or refused with places: %s, characters changed',
    (name, text, count) => {
      const draw = drawer(name.length);
      let refused = 0;
      for (let round = 0; round < count; round++) {
        const mutated = mutateText(text, draw);
        const issues = refusals(mutated);
        refused += Number(issues.length > 0);
        const lines = mutated.split(/\r\n|\r|\n/).length;
        for (const { file, line, column, message } of issues) {
          expect(file).not.toBe('');
          expect(message).not.toBe('');
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(file === 'shop.yaml' ? lines : 3);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }
      expect(refused).toBeGreaterThan(count / 4);
    },
    120_000,
  );

  it('is a scenario or refused: values changed', () => {
    const draw = drawer(3);
    const document: unknown = parse(RICH);
    let accepted = 0;
    for (let round = 0; round < 100; round++)
      accepted += Number(refusals(JSON.stringify(mutateValue(document, draw))).length === 0);
    expect(accepted).toBeGreaterThan(0);
  }, 120_000);

  // What took longer than the time limit of a test before; sizes are near the limits of the language.
  it.each([
    [
      'calls to nobody',
      repeat(
        'dsim: 1\nservices:\n',
        1000,
        (i) => `  s${i}: { work: 5ms, calls: [${repeat('', 30, (j) => `x${j}y${i},`)}] }\n`,
      ),
    ],
    [
      'regions',
      repeat('dsim: 1\nservices: { a: { work: 5ms } }\nplatform:\n  regions:\n', 12_000, (i) => `    r${i}: {}\n`),
    ],
    ['keys at the top', repeat(SMALL, 20_000, (i) => `key${i}: 1\n`)],
    [
      'a chain of calls',
      repeat('dsim: 1\nservices:\n', 1000, (i) => `  s${i}: { work: 5ms, calls: [s${i + 1}, s${i + 1}] }\n`),
    ],
    ['points', SMALL.replace('rate: 10 ', `replay: { points: [${repeat('', 20_000, (i) => `[${i}s, 1],`)}] } `)],
    ['a long key', SMALL.replace('work: 5ms\n', `work: 5ms\n    ${'x'.repeat(900_000)}: 1\n`)],
    ['a long number', SMALL.replace('work: 5ms\n', `work: 5ms\n    memory: { base: ${'1'.repeat(900_000)}Mi }\n`)],
    ['a long range', SMALL.concat(`expect: [{ cost: '${'1..'.repeat(300_000)}' }]\n`)],
    ['a long white space', SMALL.concat(`expect: [{ cost: 'at most${' '.repeat(900_000)}x' }]\n`)],
    [
      'aliases of aliases',
      repeat(
        'dsim: 1\nb0: &a0 [x]\n',
        20,
        (i) => `b${i + 1}: &a${i + 1} [{ call: c, onMiss: *a${i}, parallel: *a${i} }]\n`,
      ),
    ],
  ])(
    'is refused in time: %s',
    (_, text) => {
      expect(refusals(text).length).toBeGreaterThan(0);
    },
    60_000,
  );
});
