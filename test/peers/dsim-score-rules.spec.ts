import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScoreCard } from '../../src/engine/scorecard/score-card.types.js';
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

  it("gives promtool's word on a rule that is wrong", async () => {
    const { code, stdout, stderr } = await score('--rules', 'wrong.yml');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('promtool finds mistakes in the alert rules');
    expect(stderr).toMatch(/wrong\.yml: \d+:\d+: .*"ManyErrors": could not parse expression/);
  });
});
