import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScoreCardWorld } from '../integration/anomaly-detection/support/score-card-world.js';
import { describePeer } from '../support/peers.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of many routes, looked at field by field */

const RULES = `groups:
  - name: recorded
    rules:
      - { record: 'service:errors:rate1m', expr: 'sum by (service) (rate(errors_total[1m]))' }
  - name: alerts
    rules:
      - alert: Overload
        expr: load > 40
        for: 1m
      - alert: Errors
        expr: service:errors:rate1m > 1.5
        for: 15s
      - alert: Noise
        expr: load{service="cart"} > 0 and on () (minute() == 0)
`;

describePeer(['promtool', 'prometheus'], 'alert rules on stored score cards', (binary) => {
  let cards: ScoreCardWorld;

  beforeAll(async () => {
    const scoreCards = { promtool: binary('promtool'), prometheus: binary('prometheus'), maximumRuleSamples: 10_000 };
    cards = await ScoreCardWorld.create({ scoreCards });
  }, 60_000);
  afterAll(() => cards?.close());

  it('stand beside detectors, with the time at which they fire', { timeout: 60_000 }, async () => {
    const card = await cards.card([{ name: 'current' }, { name: 'alerts.yml', rules: RULES }]);
    expect(card.state, card.reason).toBe('finished');
    expect(card.configurations).toEqual(['current', 'alerts.yml']);
    const [detector, rules] = card.report.card.detectors;
    expect(detector.all).toMatchObject({ found: 1 });
    expect(rules.all).toMatchObject({ stretches: 1, found: 1 });
    // The counter's first step is seen at tick 802; its rate over a minute passes 1.5 then at the latest by 804; the
    // load itself is there at 801 and has to last a minute.
    const seconds = rules.all.fromStart.seconds.value;
    expect(seconds).toBeGreaterThanOrEqual(45);
    expect(seconds).toBeLessThanOrEqual(75);
    // At each full hour one minute of noise: two of them lie in the range, outside of the label.
    expect(rules.pages).toMatchObject({ true: 2, false: 2 });
    expect(
      rules.falseAlarms.map(({ detection }: any) => [detection.reason, new Date(detection.at).getUTCMinutes()]),
    ).toEqual([
      ['Noise', 0],
      ['Noise', 0],
    ]);
    const { body } = await cards.call('GET', `/compare?a=${card.id}&b=${card.id}`);
    expect(body.rows[1]).toMatchObject({ configuration: 'alerts.yml', recall: { value: 1 } });
  });

  it('give the words of promtool on the field that is wrong', async () => {
    const wrong = RULES.replace('load > 40', 'load > (');
    const { status, body } = await cards.start([{ name: 'current' }, { name: 'alerts.yml', rules: wrong }]);
    expect([status, body.code]).toEqual([400, 'anomaly_detection.invalid_rules']);
    const [{ path, message }] = body.errors;
    expect(path).toBe('configurations[1].rules');
    expect(message).toMatch(/alerts\.yml: 8:\d+: .*"Overload".*could not parse expression/);
    expect(message).not.toContain('/tmp');
  });

  it('fail with what to do where they read nothing, or too much', { timeout: 60_000 }, async () => {
    const none = await cards.card([
      { name: 'a', rules: RULES.replaceAll('load', 'lload').replaceAll('errors_total', 'x_total') },
    ]);
    expect([none.state, none.reason]).toEqual([
      'failed',
      'The rules read no series that the environment has and the selector matches.',
    ]);
    const much = await cards.card([{ name: 'a', rules: RULES.replace('[1m]', '[3d]') }]);
    expect(much.state).toBe('failed');
    expect(much.reason).toContain('anomalyDetection.scoreCards.maximumRuleSamples');
  });
});
