import { describe, expect, it } from 'vitest';
import { durationText, endText, evidenceText, repeatedText, restText } from './evidence-text.js';

const labels = { __name__: 'node_load1', instance: 'host-1' };
const at = new Date('2026-11-03T14:02:10.500Z');

describe('timeline texts', () => {
  it('show value, expectation, band and score', () => {
    const peak = { labels, startedAt: at, score: 6.34, value: 8.4, yhat: 1.2, yhatLower: -0.000012, yhatUpper: 2.1 };
    expect(evidenceText(peak)).toBe(
      'node_load1{instance="host-1"} at 8.4, expected 1.2 (band -1.20e-5 to 2.1), score 6.3, since 14:02:10 UTC',
    );
  });

  it.each([
    ['calm', 'is back in its band since 14:02:10 UTC'],
    ['stale', 'stopped sending; whether it recovered is unknown since 14:02:10 UTC'],
    ['series-ended', 'no longer exists since 14:02:10 UTC'],
  ] as const)('say how it ended: %s', (reason, text) => {
    expect(endText(labels, at, reason, 6.34)).toBe(`node_load1{instance="host-1"} ${text}; its peak score was 6.3`);
  });

  it('count what is not told one by one', () => {
    expect(repeatedText(labels, 37, at, 6.34)).toBe(
      'node_load1{instance="host-1"} again, 37 times until 14:02:10 UTC, with a peak score of 6.3',
    );
    expect(repeatedText(labels, 1, at, 6.34)).toContain(' again, once until');
    expect(restText('ended', 4_800, at, 8)).toBe(
      '4,800 more anomalies ended until 14:02:10 UTC, with peak scores up to 8.0',
    );
    expect(restText('began', 1, at, 8)).toContain('One more anomaly began until');
  });

  it.each([
    [0, '0 s'],
    [29_000, '29 s'],
    [60_000, '1 min'],
    [119 * 60_000, '119 min'],
    [3 * 3_600_000, '3 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
