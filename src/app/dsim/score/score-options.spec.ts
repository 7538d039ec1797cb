import { describe, expect, it } from 'vitest';
import { readScoreOptions, readSeeds } from './score-options.js';

describe('options of dsim score', () => {
  it('have defaults', () => {
    expect(readScoreOptions(['shop.yaml'])).toMatchObject({
      mode: 'scenarios',
      scenarios: ['shop.yaml'],
      seeds: [],
      detectors: [],
      falseAlarmsPerWeek: 1,
      perKind: 1,
    });
  });

  it('know what is scored', () => {
    expect(readScoreOptions(['a', 'b', '--faults', '--kinds', 'pod-kill,disk-full']).kinds).toEqual([
      'pod-kill',
      'disk-full',
    ]);
    expect(readScoreOptions(['a', '--faults']).mode).toBe('faults');
    expect(readScoreOptions(['--nab', 'DIR']).mode).toBe('nab');
    expect(readScoreOptions(['--csv', 'a', '--windows', 'b']).mode).toBe('csv');
    expect(readScoreOptions(['a', '--min-recall', '90%']).minRecall).toBe(0.9);
  });

  it.each([
    ['', 'Score on what?'],
    ['--csv a', '--csv needs --windows FILE'],
    ['a --windows b', '--windows belongs to --csv'],
    ['a --nab d', '--nab stands alone'],
    ['--nab d --rules r', '--rules needs telemetry that rules can name'],
    ['a --detector channel-ensembel', 'Did you mean channel-ensemble?'],
    ['a --faults --kinds pod-kil', 'Did you mean pod-kill?'],
    ['a --seeds 5..1', '--seeds must be numbers and ranges'],
    ['a --seeds 1..5000', '--seeds must be'],
    ['a --min-recall 120', '--min-recall must be a share in percent'],
    ['a --max-false-alarms x', '--max-false-alarms must be a number above 0'],
    ['a --days 0', '--days must be a number above 0'],
    ['a --sedes 1', 'dsim score has no option --sedes. Did you mean --seeds?'],
  ])('refuses %j', (args, message) => {
    expect(() => readScoreOptions(args.split(' ').filter((arg) => arg !== ''))).toThrow(message);
  });

  it('read seeds', () => {
    expect(readSeeds('1..3,9,2')).toEqual([1, 2, 3, 9]);
  });
});
