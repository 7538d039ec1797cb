import { describe, expect, it } from 'vitest';
import type { RecordingRule } from './alert-rule.js';
import { durationMs, readsOf, recordingLevels } from './read-by-rules.js';

const MINUTE = 60_000;

it('reads durations as Prometheus writes them', () => {
  expect(['15s', '1h30m', '1d12h', '500ms'].map(durationMs)).toEqual([15e3, 5.4e6, 129.6e6, 500]);
});

describe('what expressions read', () => {
  it('is the metrics that they name, and nothing that stands in strings', () => {
    const { reads } = readsOf(['sum by (job) (rate(http_requests_total{code=~"up|node_load1"}[5m])) > 1 # errors']);
    expect(['http_requests_total', 'up', 'node_load1', 'errors'].map(reads)).toEqual([true, false, false, false]);
  });

  it.each(['{job="a"} > 0', 'sum({__name__=~"a.+"})', 'up and {job="a"}', '{"up"}'])('may be everything: %s', (expr) =>
    expect(readsOf([expr]).reads('anything')).toBe(true),
  );

  it.each(['up{job="a"}', 'up {job="a"} == 0', 'sum by (a) (up{b="{"})'])('is the named metric only: %s', (expr) =>
    expect(readsOf([expr]).reads('anything')).toBe(false),
  );

  it('reaches back as far as ranges and offsets of one expression do together', () => {
    expect(readsOf(['rate(a[5m] offset 1h) > 2', 'max_over_time(rate(a[1m])[30m:15s])']).reachMs).toBe(65 * MINUTE);
    expect(readsOf(['a > 1']).reachMs).toBe(0);
  });
});

describe('recording rules', () => {
  const rule = (record: string, expr: string): RecordingRule => ({ record, expr, intervalMs: 15_000, labels: {} });
  const names = (levels: readonly (readonly RecordingRule[])[]) =>
    levels.map((rules) => rules.map(({ record }) => record));

  it('are made in the order in which one needs the other, those that nobody needs not at all', () => {
    const rules = [rule('c:x', 'b:x / a:x'), rule('a:x', 'x'), rule('unused:x', 'x'), rule('b:x', 'sum(a:x)')];
    const { levels, circular } = recordingLevels(rules, ['c:x > 1']);
    expect(names(levels)).toEqual([['a:x'], ['b:x'], ['c:x']]);
    expect(circular).toEqual([]);
  });

  it('that are made of themselves are named', () => {
    expect(recordingLevels([rule('a:x', 'b:x'), rule('b:x', 'a:x + 1')], ['a:x']).circular).toEqual(['a:x']);
    expect(recordingLevels([rule('a:x', 'x + (a:x or 0 * x)')], ['a:x']).circular).toEqual(['a:x']);
  });

  it('are none where alerts read plain series', () => {
    expect(recordingLevels([rule('a:x', 'x')], ['x > 1']).levels).toEqual([]);
  });
});
