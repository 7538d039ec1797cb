import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScoreCardWorld } from './support/score-card-world.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of many routes, looked at field by field */

const RULES = 'groups: [{ name: a, rules: [{ alert: A, expr: load > 40 }] }]';

describe('score cards of detectors, where no Prometheus is configured', () => {
  let cards: ScoreCardWorld;

  beforeAll(async () => {
    cards = await ScoreCardWorld.create({});
  }, 60_000);
  afterAll(() => cards?.close());

  it('compare detectors over the same history', async () => {
    const detectors = ['channel-ensemble', 'robust-window', 'windowed-gaussian', 'value-knn', 'range-novelty'];
    const card = await cards.card(detectors.map((detector) => ({ name: detector, detector })));
    expect(card.state, card.reason).toBe('finished');
    const scores = card.report.card.detectors;
    expect(scores.map((one: any) => one.detector)).toEqual(detectors);
    // Six times the usual load for thirty ticks: all of them find it, the shipped one says nothing else.
    expect(scores.map((one: any) => one.all.found)).toEqual([1, 1, 1, 1, 1]);
    expect(scores[0].pages.false).toBe(0);
    expect(scores[0]).toHaveProperty('inTimeByChance');
  });

  it('run a detector that is named with settings that are given', async () => {
    const deaf = { rules: [{ name: 'deaf', match: '', minimumDeviation: 1000 }] };
    const card = await cards.card([{ name: 'deaf', detector: 'channel-ensemble', settings: deaf }]);
    expect(card.report.card.detectors[0].all.found).toBe(0);
  });

  it('say what can be scored, and what to configure for more', async () => {
    const { status, body } = await cards.call('GET', '/choices');
    expect(status).toBe(200);
    expect(body.detectors).toContain('value-knn');
    expect(body.rules.available).toBe(false);
    expect(body.rules.reason).toContain(
      'anomalyDetection.scoreCards.promtool (ANOMALY_DETECTION_SCORE_CARDS_PROMTOOL)',
    );
  });

  it('refuse alert rules, with what to configure, and keep nothing', async () => {
    const before = (await cards.call('GET', '')).body.items.length;
    const { status, body } = await cards.start([{ name: 'ours', rules: RULES }]);
    expect([status, body.code]).toEqual([409, 'anomaly_detection.rules_not_available']);
    expect(body.detail).toContain('Install prometheus and promtool where the service runs, and set');
    expect((await cards.call('GET', '')).body.items.length).toBe(before);
  });

  it.each([
    [{ name: 'x', detector: 'lstm' }, 'configurations[0].detector'],
    [{ name: 'x', detector: 'value-knn', rules: RULES }, 'configurations[0].rules'],
    [{ name: 'x', version: 0, rules: RULES }, 'configurations[0].rules'],
    [{ name: 'x', rules: '' }, 'configurations[0].rules'],
    [{ name: 'x', rules: `a\0b` }, 'configurations[0].rules'],
    [{ name: 'x', rules: 'a'.repeat(100_001) }, 'configurations[0].rules'],
    [{ name: 'x', rule: RULES }, 'configurations[0]'],
  ])('name the field that is wrong: %j', async (configuration, path) => {
    const { status, body } = await cards.start([configuration]);
    expect(status).toBe(400);
    expect(body.errors.map((one: any) => one.path)).toContain(path);
  });

  it('write into the audit what was scored', async () => {
    const started = await cards.start([{ name: 'plain' }, { name: 'knn', detector: 'value-knn', version: 0 }]);
    const entry = cards.world.audit.entries.find(({ subjectId }) => subjectId === started.body.id);
    expect(entry).toMatchObject({
      action: 'anomaly-detection.start-score-card',
      details: {
        configurations: ['plain: the detector of the environment, current settings', 'knn: value-knn, version 0'],
      },
    });
  });
});
