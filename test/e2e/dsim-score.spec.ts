import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScoreCard } from '../../src/engine/scorecard/score-card.types.js';
import { DsimProcess } from '../support/simulation/dsim-process.js';
import { SMALL_SHOP } from '../support/simulation/small-shop.js';

let here: string;

beforeAll(async () => {
  // The first one may have to build.
  const { code } = await DsimProcess.run(['--version']);
  expect(code).toBe(0);
});
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'dsim-score-'));
  writeFileSync(join(here, 'small-shop.yaml'), SMALL_SHOP);
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

const score = (...args: readonly string[]) => DsimProcess.run(['score', ...args], here);
const card = (stdout: string) => JSON.parse(stdout) as ScoreCard;

describe('dsim score', { timeout: 180_000 }, () => {
  it('finds the outage of a scenario, with several seeds, and writes a report that needs nothing else', async () => {
    const { code, stdout } = await score('small-shop.yaml', '--seeds', '1..3', '--out', 'card', '--junit', 'j.xml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^3 runs, 3 labelled stretches, 3 of them harmful\n/);
    expect(stdout).toMatch(/channel-ensemble +3\/3 100 % \[44, 100\]/);
    const html = readFileSync(join(here, 'card/score.html'), 'utf8');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).not.toMatch(/(src|href)=/);
    const { runs, detectors } = card(readFileSync(join(here, 'card/score.json'), 'utf8'));
    expect(runs).toEqual([1, 2, 3].map((seed) => `small-shop, seed ${seed}`));
    expect(detectors[0]!.all).toMatchObject({ stretches: 3, harmful: 3, inTime: 3 });
    // The database is down at once, and two points above the boundary open an anomaly.
    expect(detectors[0]!.all.fromHarm.scrapes.value).toBeLessThanOrEqual(2);
    expect(readFileSync(join(here, 'j.xml'), 'utf8')).toContain('failures="0"');
  });

  it('gives the same figures however many runs go on at a time', async () => {
    const args = ['small-shop.yaml', '--seeds', '1..2', '--detector', 'channel-ensemble,value-knn', '--json'];
    const [one, two] = await Promise.all([score(...args, '--jobs', '1'), score(...args, '--jobs', '2')]);
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    expect(card(one.stdout).detectors.map(({ detector }) => detector)).toEqual(['channel-ensemble', 'value-knn']);
  });

  it('scores a matrix of faults on calm days, and answers by the gates', async () => {
    const matrix = ['small-shop.yaml', '--faults', '--kinds', 'dependency-down,crash-loop', '--days', '0.05'];
    const args = [...matrix, '--warm-up-days', '0.05', '--seeds', '4'];
    const [kept, missed] = await Promise.all([
      score(...args, '--json'),
      score(...args, '--min-recall', '100', '--max-false-alarms', '1e-9', '--detector', 'windowed-gaussian'),
    ]);
    expect(kept.code).toBe(0);
    const [first] = card(kept.stdout).detectors;
    expect(first!.byKind.map(({ kind, stretches }) => [kind, stretches])).toEqual([
      ['crash-loop', 1],
      ['dependency-down', 1],
    ]);
    // 0.05 days are 1 h 12 min.
    expect(first!.calm.weeks).toBeCloseTo(0.05 / 7, 9);
    expect(missed.code).toBe(1);
    expect(missed.stdout).toContain('✗ false alarms per 1,000 series and week: at most 1e-9, but: ');
  });

  it('takes detection settings as a row of its own, and names what is wrong with them', async () => {
    writeFileSync(
      join(here, 'calm.yaml'),
      'falseAlarmsPerWeek: 0.1\nrules:\n  - { name: all, match: "", sensitivity: 0.5 }\n',
    );
    writeFileSync(
      join(here, 'wrong.yaml'),
      'falseAlarmsPerWeek: 0.1\nrules:\n  - { name: all, match: "", sensitivity: 50 }\n',
    );
    const [fine, wrong] = await Promise.all([
      score('small-shop.yaml', '--config', 'calm.yaml', '--json'),
      score('small-shop.yaml', '--config', 'wrong.yaml'),
    ]);
    expect(card(fine.stdout).detectors.map(({ detector }) => detector)).toEqual(['channel-ensemble (calm.yaml)']);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/^wrong\.yaml:3:\d+: rules\.0\.sensitivity: /);
  });

  it('scores recorded series against labelled windows', async () => {
    const start = Date.UTC(2026, 0, 5);
    const rows = Array.from({ length: 400 }, (_, i) => {
      const value = i >= 300 && i < 320 ? 9000 : 100 + 10 * Math.sin(i) + (i % 7);
      return `${new Date(start + i * 60_000).toISOString()},${value}`;
    });
    writeFileSync(join(here, 'data.csv'), `time,latency\n${rows.join('\n')}\n`);
    const at = (row: number) => new Date(start + row * 60_000).toISOString();
    writeFileSync(
      join(here, 'windows.csv'),
      `from,to,kind\n${at(299)},${at(321)},outage\n${at(350)},${at(360)},nothing\n`,
    );
    const { code, stdout } = await score('--csv', 'data.csv', '--windows', 'windows.csv', '--json');
    expect(code).toBe(0);
    const [detector] = card(stdout).detectors;
    expect(detector!.byKind.map(({ kind, found, stretches }) => [kind, found, stretches])).toEqual([
      ['nothing', 0, 1],
      ['outage', 1, 1],
    ]);
  });

  it('scores the layout of the public benchmark', async () => {
    mkdirSync(join(here, 'NAB/data/known'), { recursive: true });
    mkdirSync(join(here, 'NAB/labels'));
    const stamp = (row: number) =>
      new Date(Date.UTC(2026, 0, 5) + row * 300_000).toISOString().slice(0, 19).replace('T', ' ');
    const rows = Array.from(
      { length: 600 },
      (_, i) => `${stamp(i)},${i >= 400 && i < 410 ? 80 : 20 + Math.sin(i / 5)}`,
    );
    writeFileSync(join(here, 'NAB/data/known/a.csv'), `timestamp,value\n${rows.join('\n')}\n`);
    writeFileSync(
      join(here, 'NAB/labels/combined_windows.json'),
      JSON.stringify({ 'known/a.csv': [[stamp(395), stamp(420)]] }),
    );
    const { code, stdout } = await score('--nab', 'NAB', '--detector', 'value-knn,range-novelty');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 files, 1 windows\n/);
    expect(stdout).toMatch(/range-novelty +[\d.]+ .* 1\/1 /);
  });

  it.each([
    [['none-such'], 'There is no file none-such, and no such scenario in the library.'],
    [['--nab', '.'], '. is not the benchmark: it needs data/'],
    [['--csv', 'no.csv', '--windows', 'no.csv'], 'no.csv cannot be read: there is no such file or folder.'],
    [['small-shop.yaml', '--rules', 'no.yml'], 'no.yml'],
  ])('says what is wrong: %j', async (args, message) => {
    const { code, stdout, stderr } = await score(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
