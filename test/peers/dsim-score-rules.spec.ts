import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../src/app/dsim/scenario/read-scenario.js';
import type { FaultSpec } from '../../src/engine/scenario/fault.types.js';
import { planFaults } from '../../src/engine/scorecard/fault-matrix/plan-faults.js';
import type { DetectorScore, ScoreCard } from '../../src/engine/scorecard/score-card.types.js';
import { describePeer } from '../support/peers.js';
import { DsimProcess } from '../support/simulation/dsim-process.js';
import { SMALL_SHOP } from '../support/simulation/small-shop.js';

const RULES = `groups:
  - name: recorded
    interval: 15s
    rules:
      - record: service:errors:ratio
        expr: sum by (service) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total[1m]))
  - name: alerts
    interval: 15s
    rules:
      - alert: ManyErrors
        expr: service:errors:ratio > 0.05
        for: 30s
        labels: { severity: page }
      - alert: NeverFires
        expr: up < 0
`;

describePeer(['promtool', 'prometheus'], "alert rules on the score card, by the user's own Prometheus", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-test-rules-'));
    writeFileSync(join(folder, 'small-shop.yaml'), SMALL_SHOP);
    writeFileSync(join(folder, 'rules.yml'), RULES);
    writeFileSync(join(folder, 'wrong.yml'), RULES.replace('> 0.05', '> ('));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const score = (...args: readonly string[]) => DsimProcess.run(['score', 'small-shop.yaml', ...args], folder);

  it('fires by recorded series, after `for`, and is scored beside a detector', async () => {
    const { code, stdout } = await score('--rules', 'rules.yml', '--detector', 'channel-ensemble', '--json');
    expect(code).toBe(0);
    const { detectors } = JSON.parse(stdout) as ScoreCard;
    expect(detectors.map(({ detector }) => detector)).toEqual(['channel-ensemble', 'rules: rules.yml']);
    const { all, pages, misses } = detectors[1]!;
    expect(all).toMatchObject({ stretches: 1, found: 1, harmful: 1 });
    expect(pages).toMatchObject({ count: 1, true: 1, false: 0 });
    // The outage begins at a scrape: a rate over a minute sees it in the next one, and `for` lasts two evaluations more.
    expect(all.fromStart.seconds.value).toBeGreaterThanOrEqual(45);
    expect(all.fromStart.seconds.value).toBeLessThanOrEqual(60);
    for (const { first } of misses) expect(first).toMatchObject({ service: 'web', reason: 'ManyErrors' });
  });

  it('looks into every future of the fault matrix, each by itself', { timeout: 240_000 }, async () => {
    const matrix = ['--faults', '--kinds', 'dependency-down,disk-full', '--days', '0.05', '--warm-up-days', '0.05'];
    const { code, stdout } = await score(...matrix, '--seeds', '4', '--rules', 'rules.yml', '--json');
    expect(code).toBe(0);
    const { runs, detectors } = JSON.parse(stdout) as ScoreCard;
    expect(runs).toEqual(['small-shop, seed 4']);
    const [{ byKind, calm, pages, falseAlarms }] = detectors as [DetectorScore];
    const kinds = byKind.map(({ kind, found, stretches }) => [kind, found, stretches]);
    // The database is down at once; a disk that fills makes no request fail. No future disturbs another, nor the calm.
    expect(kinds).toEqual([
      ['dependency-down', 1, 1],
      ['disk-full', 0, 1],
    ]);
    const delay = byKind[0]!.fromStart.seconds.value!;
    expect(delay).toBeGreaterThanOrEqual(30);
    expect(delay).toBeLessThanOrEqual(75);
    expect([pages.true, pages.false, falseAlarms, calm.anomalies]).toEqual([1, 0, [], 0]);
    expect(calm.weeks).toBeCloseTo(0.05 / 7, 9);
  });

  it('says of a future what it says of a run in which that fault happens alone', { timeout: 240_000 }, async () => {
    const DAY = 86_400;
    const small = readScenario(join(folder, 'small-shop.yaml'));
    const calm = { ...small, duration: 0.1 * DAY, faults: [] };
    const plan = { kinds: ['bad-deploy'] as const, seed: 4, perKind: 1, from: 0.05 * DAY, to: 0.1 * DAY };
    const [fault] = planFaults(calm, plan) as [FaultSpec];
    const { errorRatio, latencyFactor } = fault.settings;
    const alone = {
      ...{ name: fault.name, kind: fault.kind, target: fault.target, errorRatio, latencyFactor },
      ...{ at: `${fault.at}s`, for: `${fault.duration}s` },
    };
    const text = SMALL_SHOP.replace(/duration: .*/, `duration: ${fault.at + fault.duration + 600}s`).replace(
      / {2}- \{ name: outage.*/,
      `  - ${JSON.stringify(alone)}`,
    );
    writeFileSync(join(folder, 'alone.yaml'), text);
    writeFileSync(join(folder, 'low.yml'), RULES.replace('> 0.05', '> 0.02'));
    const args = ['--warm-up-days', '0.05', '--seeds', '4', '--rules', 'low.yml', '--json'];
    const [future, run] = await Promise.all([
      score('--faults', '--kinds', 'bad-deploy', '--days', '0.05', ...args),
      DsimProcess.run(['score', 'alone.yaml', ...args], folder),
    ]);
    const said = ({ stdout }: { readonly stdout: string }) => {
      const [{ all, pages }] = (JSON.parse(stdout) as ScoreCard).detectors as [DetectorScore];
      return [all.found, all.inTime, all.fromStart.seconds.value, all.fromHarm.seconds.value, pages.count];
    };
    expect(said(future)[0]).toBe(1);
    expect(said(future)).toEqual(said(run));
  });

  it("gives promtool's word on a rule that is wrong", async () => {
    const { code, stdout, stderr } = await score('--rules', 'wrong.yml');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('promtool finds mistakes in the alert rules');
    expect(stderr).toMatch(/wrong\.yml: \d+:\d+: .*"ManyErrors": could not parse expression/);
  });

  it('says when the rules read nothing of a fleet', async () => {
    writeFileSync(
      join(folder, 'other.yml'),
      RULES.replaceAll('http_requests_total', 'their_total').replace('up <', 'their_up <'),
    );
    const { code, stdout, stderr } = await score('--rules', 'other.yml');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('small-shop: the rules read none of its series.');
  });

  describe('over recorded series', () => {
    const START = Date.UTC(2026, 0, 5);
    const at = (row: number) => START + row * 15_000;
    const stamp = (row: number) => new Date(at(row)).toISOString();
    const HEADS = ['errors{service=""web""}', 'errors{service=""api""}', 'requests'];
    const RECORDED = `groups:
  - name: recorded
    rules:
      - record: all:ratio
        expr: all:errors / on () requests
      - record: all:errors
        expr: sum(errors)
      - alert: Errors
        expr: errors > 5
        for: 30s
        keep_firing_for: 45s
        labels: { team: '{{ $labels.service }}-team' }
      - alert: Ratio
        expr: all:ratio > 0.5
        for: 1m
`;

    /** @param web errors of the service web by row; null is an empty cell */
    function write(name: string, rows: number, web: (row: number) => number | null, requests = 1000): void {
      const lines = Array.from({ length: rows }, (_, row) => `${stamp(row)},${web(row) ?? ''},0,${requests}`);
      writeFileSync(join(folder, name), `time,${HEADS.map((head) => `"${head}"`).join(',')}\n${lines.join('\n')}\n`);
    }
    const scoreCsv = (csv: string, rules: string, ...args: readonly string[]) =>
      DsimProcess.run(['score', '--csv', csv, '--windows', 'windows.csv', '--rules', rules, ...args], folder);

    beforeAll(() => {
      writeFileSync(join(folder, 'recorded.yml'), RECORDED);
      writeFileSync(join(folder, 'windows.csv'), `from,to\n${stamp(900)},${stamp(940)}\n`);
    });

    it('applies `for` and `keep_firing_for` at the recorded step, and minds gaps', async () => {
      // Long enough from row 200; broken by a gap at 301; pauses of three rows do not resolve it at 400, of five do.
      const high = new Set([200, 201, 202, 203, 300, 302, 303, 400, 401, 402, 406, 407, 500, 501, 502, 508, 509, 510]);
      write('data.csv', 1000, (row) => (row === 301 ? null : high.has(row) || (row >= 910 && row < 930) ? 6 : 1));
      const { code, stdout } = await scoreCsv('data.csv', 'recorded.yml', '--detector', 'value-knn', '--json');
      expect(code).toBe(0);
      const { detectors } = JSON.parse(stdout) as ScoreCard;
      expect(detectors.map(({ detector }) => detector)).toEqual(['value-knn', 'rules: recorded.yml']);
      const { all, falseAlarms } = detectors[1]!;
      const rows = falseAlarms.map(({ detection }) => [
        (detection.at - START) / 15_000,
        (detection.endedAt! - START) / 15_000,
      ]);
      // Fires at the third row in a row; ends with the first evaluation without it, three later where it keeps firing.
      expect(rows).toEqual([
        [202, 207],
        [402, 411],
        [502, 506],
        [510, 514],
      ]);
      expect(falseAlarms[0]!.detection).toMatchObject({
        service: 'web',
        subject: 'Errors{service="web",team="web-team"}',
      });
      expect(all).toMatchObject({ stretches: 1, found: 1 });
      // The window begins at 900, errors at 910, and the alert fires at 912.
      expect(all.fromStart.seconds.value).toBe(180);
    });

    it('records series that alerts need first, whatever their order in the file', async () => {
      write('ratio.csv', 1000, (row) => (row >= 905 ? 600 : 1));
      const ratio = RECORDED.replace('errors > 5', 'errors > 1e9');
      writeFileSync(join(folder, 'ratio.yml'), ratio);
      const { stdout } = await scoreCsv('ratio.csv', 'ratio.yml', '--json');
      const [{ all }] = (JSON.parse(stdout) as ScoreCard).detectors as [DetectorScore];
      expect(all.found).toBe(1);
      // From 905, for a minute: 909.
      expect(all.fromStart.seconds.value).toBe(135);
    });

    it('takes what `dsim run` wrote', { timeout: 120_000 }, async () => {
      await DsimProcess.run(['run', 'small-shop.yaml', '-q', '--out', 'run', '--format', 'jsonl'], folder);
      const outage = (minute: number) => new Date(Date.UTC(2026, 0, 5, 7, minute)).toISOString();
      writeFileSync(join(folder, 'outage.csv'), `from,to\n${outage(4)},${outage(7)}\n`);
      const args = ['--csv', 'run/metrics.jsonl', '--windows', 'outage.csv', '--rules', 'rules.yml', '--json'];
      const { stdout } = await DsimProcess.run(['score', ...args], folder);
      const [{ all, pages }] = (JSON.parse(stdout) as ScoreCard).detectors as [DetectorScore];
      expect([all.found, pages.true, pages.false]).toEqual([1, 1, 0]);
    });

    it.each([
      ['ManyErrors', 'rules.yml', 'the rules read none of its series (errors, requests)'],
      ['ALERTS', 'own.yml', 'the alert Own reads ALERTS'],
      ['itself', 'self.yml', 'The recording rule a:x reads itself'],
      ['none', 'none.yml', 'none.yml has no alerting rule.'],
    ])('says why rules cannot be known: %s', async (_, rules, message) => {
      write('data.csv', 100, () => 1);
      const group = (text: string) => `groups: [{ name: a, rules: [${text}] }]\n`;
      writeFileSync(join(folder, 'own.yml'), group('{ alert: Own, expr: ALERTS > 0 }'));
      writeFileSync(
        join(folder, 'self.yml'),
        group('{ record: a:x, expr: errors + a:x }, { alert: A, expr: a:x > 0 }'),
      );
      writeFileSync(join(folder, 'none.yml'), group('{ record: a:x, expr: errors }'));
      writeFileSync(join(folder, 'windows.csv'), `from,to\n${stamp(50)},${stamp(60)}\n`);
      const { code, stdout, stderr } = await scoreCsv('data.csv', rules);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
    });
  });
});
