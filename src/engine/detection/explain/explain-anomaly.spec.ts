import { describe, expect, it } from 'vitest';
import { explainAnomaly, type AnomalyFacts } from './explain-anomaly.js';

const AT = Date.UTC(2026, 10, 3, 14, 2);
const MINUTE = 60_000;

const facts: AnomalyFacts = {
  labels: { __name__: 'service:http_request_duration_seconds:p99', service: 'checkout' },
  unit: 'raw',
  startedAt: AT,
  endedAt: null,
  peakAt: AT,
  score: 14.2,
  value: 2.4,
  yhat: 0.12,
  yhatLower: 0.08,
  yhatUpper: 0.19,
  contributions: { residual: 3.1, value: 14.2, flatline: 0, season: NaN },
  rarity: { side: 'above', points: 11_520, spanMs: 48 * 3_600_000, asFar: 0, lastMs: null },
  coMovers: [
    {
      labels: { __name__: 'service:http_requests_total:error_ratio', service: 'checkout' },
      unit: 'raw',
      score: 8.13,
    },
    { labels: { __name__: 'process_cpu_seconds_total', service: 'payments' }, unit: 'per_second', score: 3.3 },
  ],
};

/** Spaces that do not break are plain to the reader of a test. */
const sentence = (changes: Partial<AnomalyFacts> = {}) =>
  explainAnomaly({ ...facts, ...changes }).sentence.replace(/\u00a0/g, ' ');

describe('explainAnomaly', () => {
  it('says what, how much, when, instead of what, why, how rare, and what else', () => {
    expect(sentence()).toBe(
      '99th percentile of HTTP request duration of checkout rose to 2.4 s at 2026-11-03 14:02 UTC, where 120 ms (80 ms to 190 ms) was expected: ' +
        'a value not seen before, 14 times the limit; the highest in all 2 days of history (11,520 points); ' +
        'error ratio of HTTP requests of checkout (score 8.1) and CPU use of payments (score 3.3) moved too.',
    );
  });

  it('says how long it lasted when it is over', () => {
    expect(sentence({ endedAt: AT + 12 * MINUTE })).toContain('was expected, for 12 minutes: ');
  });

  it('says the expectation alone, too', () => {
    expect(explainAnomaly(facts).expected.replace(/\u00a0/g, ' ')).toBe('120 ms (80 ms to 190 ms)');
    expect(explainAnomaly({ ...facts, yhat: NaN }).expected).toBe('');
  });

  it('does not call calm points odd', () => {
    expect(sentence({ contributions: { residual: 0.0035 }, score: 0.0035 })).toContain(
      ' was expected: within its limits, 0.0035 of the limit; ',
    );
  });

  it('keeps the word ratio, which tells a share from a count', () => {
    expect(sentence({ labels: { __name__: 'cache_hit_ratio', service: 'catalog' }, value: 0.4 })).toMatch(
      /^Cache hit ratio of catalog rose to 40 % /,
    );
  });

  it('tells the entry point and the quantile of a latency', () => {
    const labels = { __name__: 'user_latency_seconds', service: 'users', entry_point: 'checkout', quantile: '0.99' };
    expect(sentence({ labels })).toMatch(
      /^User latency of users \(entry point checkout, quantile 0\.99\) rose to 2\.4 s /,
    );
  });

  it('gives instants apart, for whoever shows them in a time zone', () => {
    const { parts } = explainAnomaly(facts);
    expect(parts.map((part) => ('instant' in part ? part.instant : typeof part.text))).toEqual([
      'string',
      AT,
      'string',
    ]);
  });

  it.each([
    [
      'an expectation of zero',
      {
        labels: { __name__: 'service:http_requests_total:error_ratio', service: 'web' },
        value: 0.031,
        yhat: 0,
        yhatLower: 0,
        yhatUpper: 0,
      },
      'Error ratio of HTTP requests of web rose to 3.1 % at 2026-11-03 14:02 UTC, where 0 % was expected: ',
    ],
    [
      'a fall below zero',
      {
        labels: { __name__: 'node_hwmon_temp_celsius', instance: 'host-1:9100' },
        value: -12.5,
        yhat: 4,
        yhatLower: 1,
        yhatUpper: 7,
      },
      'Node hwmon temp of host-1:9100 fell to −12.5 °C at 2026-11-03 14:02 UTC, where 4 °C (1 °C to 7 °C) was expected: ',
    ],
    [
      'no expectation at all',
      { value: 7, yhat: NaN, yhatLower: NaN, yhatUpper: NaN },
      '99th percentile of HTTP request duration of checkout was 7 s at 2026-11-03 14:02 UTC: ',
    ],
    [
      'no value',
      { value: NaN },
      '99th percentile of HTTP request duration of checkout was unknown at 2026-11-03 14:02 UTC, where 120 ms',
    ],
    [
      'a counter',
      {
        labels: { __name__: 'http_requests_total', service: 'web', pod: 'web-1', code: '500' },
        unit: 'per_second' as const,
        value: 1234.4,
        yhat: 2,
        yhatLower: -1,
        yhatUpper: 5,
      },
      'HTTP requests of web-1 (code 500) rose to 1,234/s at 2026-11-03 14:02 UTC, where 2/s (−1/s to 5/s) was expected: ',
    ],
    [
      'a half-open band',
      { yhatLower: -Infinity },
      'checkout rose to 2.4 s at 2026-11-03 14:02 UTC, where 120 ms was expected: ',
    ],
    [
      'what stands still',
      { value: 0.12, contributions: { flatline: 2 } },
      'checkout stood still at 120 ms at 2026-11-03 14:02 UTC, where 120 ms (80 ms to 190 ms) was expected: standing still, which it never did before, 2 times the limit',
    ],
    [
      'a value within its band',
      { value: 0.15, contributions: { variability: 1.4 } },
      'checkout went up to 150 ms at 2026-11-03 14:02 UTC, where 120 ms (80 ms to 190 ms) was expected: swinging as it never did before, 1.4 times the limit',
    ],
    [
      'the residual of a service',
      {
        labels: { __name__: 'service:multivariate:residual', service: 'cart' },
        parts: [
          { labels: { __name__: 'service:process_cpu_seconds_total:rate', service: 'cart' }, share: 0.64 },
          { labels: { __name__: 'service:http_requests_total:rate', service: 'cart' }, share: 0.2 },
        ],
      },
      'The interplay of signals of cart was unlike before at 2026-11-03 14:02 UTC, mostly by CPU use (64 %) and HTTP requests (20 %): ',
    ],
  ])('reads well with %s', (_, changes, expected) => {
    expect(sentence(changes)).toContain(expected);
    expect(sentence(changes)).not.toMatch(/undefined|NaN|Infinity| {2}|null|\( |,,/);
  });

  it('claims no rarity that it cannot show', () => {
    expect(sentence({ rarity: null, coMovers: [] })).toMatch(/; with no history to compare\.$/);
    const short = { side: 'above', points: 12, spanMs: 180_000, asFar: 0, lastMs: null } as const;
    expect(sentence({ rarity: short, coMovers: [] })).toMatch(/; with only 12 points of history to compare\.$/);
    const one = { ...short, points: 1 };
    expect(sentence({ rarity: one, coMovers: [] })).toMatch(/; with only 1 point of history to compare\.$/);
  });

  it('falls back to the band where nobody kept the channels', () => {
    const { channels } = explainAnomaly({ ...facts, contributions: {} });
    expect(channels).toEqual([]);
    expect(sentence({ contributions: {}, score: 1.02 })).toContain(': outside its expected band, just at the limit;');
  });

  it('ranks channels and leaves out those that know nothing', () => {
    expect(explainAnomaly(facts).channels).toEqual([
      { channel: 'value', score: 14.2 },
      { channel: 'residual', score: 3.1 },
      { channel: 'flatline', score: 0 },
    ]);
  });
});
