import { describe, expect, it } from 'vitest';
import { planRules } from './evaluate-rules.js';
import { readRuleFile } from './rule-file.js';

const MINUTE = 60_000;

describe('a rule file', () => {
  it('is evaluated as its groups say, where they say nothing and at the most as often as series are scraped', () => {
    const text = `groups:
  - { name: a, interval: 1m, rules: [{ alert: A, expr: x > 1, for: 1m30s, keep_firing_for: 2m, labels: { n: 1 } }] }
  - { name: b, rules: [{ alert: B, expr: 1 }] }
  - { name: c, interval: 5s, rules: [{ record: 'a:x', expr: x }, { alert: C, expr: 'a:x > 1' }] }
  - { name: none }
`;
    const { alerts, records } = readRuleFile('a.yml', text, 15_000);
    expect(alerts).toEqual([
      { alert: 'A', expr: 'x > 1', forMs: 90_000, keepFiringMs: 2 * MINUTE, intervalMs: MINUTE, labels: { n: '1' } },
      { alert: 'B', expr: '1', forMs: 0, keepFiringMs: 0, intervalMs: 15_000, labels: {} },
      { alert: 'C', expr: 'a:x > 1', forMs: 0, keepFiringMs: 0, intervalMs: 15_000, labels: {} },
    ]);
    expect(records).toEqual([{ record: 'a:x', expr: 'x', intervalMs: 15_000, labels: {} }]);
  });

  it.each([
    ['groups: [', 'a.yml is no YAML'],
    ['rules: []', 'has no list of `groups`'],
    ['', 'has no list of `groups`'],
    ['groups: [{ name: a, rules: [{ record: x, expr: y }] }]', 'a.yml has no alerting rule.'],
    ['groups: [{ name: a, rules: [{ alert: A, expr: \'ALERTS{alertname="B"}\' }] }]', 'the alert A reads ALERTS'],
  ])('that cannot be scored says why: %j', (text, message) => {
    expect(() => readRuleFile('a.yml', text, 1000)).toThrow(message);
  });

  it('may name ALERTS in a label', () => {
    const text = 'groups: [{ name: a, rules: [{ alert: A, expr: \'x{job="ALERTS"} > 0\' }] }]';
    expect(readRuleFile('a.yml', text, 1000).alerts).toHaveLength(1);
  });
});

describe('the plan of rules', () => {
  const plan = (expr: string, record: string) =>
    planRules([
      {
        name: 'a.yml',
        alerts: [{ alert: 'A', expr, forMs: 5 * MINUTE, keepFiringMs: MINUTE, intervalMs: MINUTE, labels: {} }],
        records: [{ record: 'a:x', expr: record, intervalMs: 2 * MINUTE, labels: {} }],
      },
    ]);

  it('looks back through recorded series, and leaves out those that nobody needs', () => {
    const through = plan('max_over_time(a:x[1h]) > 1', 'rate(x[10m])');
    expect([through.levels.length, through.longestIntervalMs]).toEqual([1, 2 * MINUTE]);
    // 70 minutes, and what a newest sample may be old.
    expect(through.lookMs).toBeGreaterThanOrEqual(70 * MINUTE);
    expect(through.pendingMs).toBeGreaterThanOrEqual(7 * MINUTE);
    expect(['x', 'a:x', 'y'].map(through.reads)).toEqual([true, true, false]);
    const plain = plan('y > 1', 'rate(x[10m])');
    expect([plain.levels.length, plain.reads('x')]).toEqual([0, false]);
  });

  it('cannot be made where a series is made of itself', () => {
    expect(() => plan('a:x > 1', 'a:x + x')).toThrow('The recording rule a:x reads itself');
  });
});
