import { describe, expect, it } from 'vitest';
import { readRunOptions } from './run-options.js';

describe('options of dsim run', () => {
  it('have defaults', () => {
    expect(readRunOptions(['shop.yaml'])).toEqual({
      scenario: 'shop.yaml',
      seed: undefined,
      solver: 'fluid',
      overrides: [],
      out: undefined,
      force: false,
      formats: [],
      junit: undefined,
      quiet: false,
      json: false,
      groundTruth: undefined,
      watch: undefined,
    });
  });

  it('are all read', () => {
    const args =
      'shop.yaml --seed 7 --hours 1.5 --solver discrete-event --out x --force --format prom --format jsonl,prom ' +
      '--set a.b=c=d --junit j.xml --quiet --json --no-ground-truth --watch';
    expect(readRunOptions(args.split(' '))).toEqual({
      scenario: 'shop.yaml',
      seed: 7,
      solver: 'discrete-event',
      overrides: [
        { path: 'a.b', value: 'c=d' },
        { path: 'duration', value: '5400s' },
      ],
      out: 'x',
      force: true,
      formats: ['prom', 'jsonl'],
      junit: 'j.xml',
      quiet: true,
      json: true,
      groundTruth: false,
      watch: true,
    });
  });

  it.each([
    ['', 'Which scenario?'],
    ['a b', 'takes one scenario, and "b" is one more'],
    ['a --seed x', '--seed must be a whole number from 0 to 4294967295, and "x" is not.'],
    ['a --seed -1', '--seed needs a value, and what follows it begins with a dash. If you mean it: --seed=-...'],
    ['a --seed=-1', '--seed must be a whole number from 0'],
    ['a --json=yes', '--json takes no value. `dsim help run` shows how.'],
    ['a --seed 1.5', 'whole number'],
    ['a --hours 0', '--hours must be a positive number'],
    ['a --hours 1e9', '--hours must be at least one second and at most 8784, and "1e9" is not.'],
    ['a --hours 1e-9', '--hours must be at least one second'],
    ['a --duration 400d', '--duration must be at least one second and at most 366d, and "400d" is not.'],
    ['a --duration soon', '--duration must be one such as 90m, 2h30m or 3d, and "soon" is not.'],
    ['a --hours 1 --duration 2h', 'say the same thing'],
    ['a --solver fluit', 'Did you mean fluid?'],
    ['a --out x --format openmetric', 'Did you mean openmetrics?'],
    ['a --format prom', 'add --out DIR'],
    ['a --set b', '--set needs path=value'],
    ['a --set =b', '--set needs path=value'],
    ['a --junti x', 'dsim run has no option --junti. Did you mean --junit?'],
    ['a --seed', '--seed needs a value. `dsim help run` shows how.'],
  ])('refuses %j', (args, message) => {
    expect(() => readRunOptions(args.split(' ').filter((arg) => arg !== ''))).toThrow(message);
  });
});
