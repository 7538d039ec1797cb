import { describe, expect, it } from 'vitest';
import { coMoversText, rankCoMovers, type CoMover } from './co-movers.js';
import { formatDuration, formatNumber, formatQuantity, type Quantity } from './format-quantity.js';
import { wordsOf } from './metric-words.js';
import { rarityOf, rarityText } from './rarity.js';
import { seriesQuery } from './series-query.js';

const STEP = 15_000;

describe('formatQuantity', () => {
  it.each<[number, Quantity['unit'], boolean, string]>([
    [0, 'seconds', false, '0 s'],
    [0.000_004_2, 'seconds', false, '4.2 µs'],
    [0.120_4, 'seconds', false, '120 ms'],
    [90, 'seconds', false, '90 s'],
    [600, 'seconds', false, '10 min'],
    [7200, 'seconds', false, '2 h'],
    [86_400 * 3, 'seconds', false, '3 days'],
    [0.5, 'seconds', true, '500 ms per second'],
    [0, 'bytes', false, '0 B'],
    [1024, 'bytes', false, '1 KiB'],
    [1.5 * 1024 ** 3, 'bytes', false, '1.5 GiB'],
    [-2048, 'bytes', false, '−2 KiB'],
    [5e6, 'bytes', true, '4.77 MiB/s'],
    [0.034, 'ratio', false, '3.4 %'],
    [97.5, 'percent', false, '97.5 %'],
    [1, 'cores', false, '1 core'],
    [0.8, 'cores', false, '0.8 cores'],
    [12_345, 'count', true, '12,345/s'],
    [1_234_567, 'count', false, '1,234,567'],
    [0.000_01, 'count', false, '1.0e−5'],
    [NaN, 'count', false, 'unknown'],
    [Infinity, 'count', false, 'infinity'],
  ])('writes %s %s (per second: %s) as %s', (value, unit, perSecond, text) => {
    expect(formatQuantity(value, { unit, perSecond }).replace(/\u00a0/g, ' ')).toBe(text);
  });

  it.each([
    [999.4, '999'],
    [999.6, '1,000'],
    [-0.125, '−0.125'],
    [0, '0'],
  ])('rounds %s to %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [119_000, '119 seconds'],
    [720_000, '12 minutes'],
    [2.5 * 3_600_000, '2.5 hours'],
    [48 * 3_600_000, '2 days'],
    [-5, '0 seconds'],
  ])('says %s ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('wordsOf', () => {
  it.each([
    [{ __name__: 'http_requests_total', service: 'web' }, 'per_second', 'HTTP requests of web', 'count'],
    [{ __name__: 'container_memory_working_set_bytes', pod: 'web-1' }, 'raw', 'memory in use of web-1', 'bytes'],
    [
      { __name__: 'container_cpu_usage_seconds_total', pod: 'web-1', container: 'web' },
      'per_second',
      'CPU use of web-1',
      'cores',
    ],
    [{ __name__: 'pg_replication_lag_seconds', service: 'db' }, 'raw', 'PostgreSQL replication lag of db', 'seconds'],
    [{ __name__: 'node_load5', job: 'node', instance: 'h1:9100' }, 'raw', 'load average of node on h1:9100', 'count'],
    [
      { __name__: 'service:http_request_duration_seconds:p50', service: 'web', cluster: 'eu' },
      'raw',
      'median HTTP request duration of web in eu',
      'seconds',
    ],
    [{ __name__: 'service:http_requests_total:rate', service: 'web' }, 'raw', 'HTTP requests of web', 'count'],
    [{}, 'raw', 'an unnamed series', 'count'],
  ] as const)('of %j is %s', (labels, unit, text, quantity) => {
    const words = wordsOf(labels, unit);
    expect(`${words.what}${words.where}`).toBe(text);
    expect(words.quantity.unit).toBe(quantity);
  });
});

describe('rarityOf', () => {
  const history = (values: readonly number[]) => Float64Array.from(values);
  const forty = Array.from({ length: 40 }, (_, i) => i);

  it('counts points as far off on the same side', () => {
    expect(rarityOf(history(forty), STEP, 37, 20)).toEqual({
      side: 'above',
      points: 40,
      spanMs: 40 * STEP,
      asFar: 3,
      lastMs: STEP,
    });
    expect(rarityOf(history(forty), STEP, 1, 20)).toMatchObject({ side: 'below', asFar: 2, lastMs: 39 * STEP });
  });

  it('leaves out what was not observed, and begins where the series began', () => {
    const gaps = [NaN, NaN, 5, NaN, 6];
    expect(rarityOf(history(gaps), STEP, 7, 1)).toMatchObject({ points: 2, spanMs: 3 * STEP, asFar: 0, lastMs: null });
  });

  it('is nothing where there is no value, no expectation, or no history', () => {
    expect(rarityOf(history(forty), STEP, NaN, 1)).toBeNull();
    expect(rarityOf(history(forty), STEP, 1, NaN)).toBeNull();
    expect(rarityOf(history([]), STEP, 2, 1)).toBeNull();
    expect(rarityOf(history(forty), STEP, 1, 1)).toBeNull();
  });

  it.each([
    [{ asFar: 0, lastMs: null }, 'the highest in all 2 days of history (11,520 points)'],
    [{ asFar: 3, lastMs: 60_000 }, '3 of 11,520 points were as high'],
    [{ asFar: 1, lastMs: 3_600_000 }, '1 of 11,520 points was as high'],
    [{ asFar: 3, lastMs: 26 * 3_600_000 }, 'the highest in 26 hours (3 of 11,520 points were as high)'],
  ])('says %j as %s', (changes, text) => {
    expect(rarityText({ side: 'above', points: 11_520, spanMs: 48 * 3_600_000, ...changes })).toBe(text);
  });

  it('speaks of lows where the value fell', () => {
    const low = { side: 'below', points: 100, spanMs: 1_500_000, asFar: 2, lastMs: 15_000 } as const;
    expect(rarityText(low)).toBe('2 of 100 points were as low');
  });
});

describe('rankCoMovers', () => {
  const mover = (name: string, service: string, score: number, pod = ''): CoMover => ({
    labels: { __name__: name, service, ...(pod === '' ? {} : { pod }) },
    unit: 'per_second',
    score,
  });
  const subject = { __name__: 'service:http_requests_total:rate', service: 'web' };

  it('names one of each metric and service, strongest first, and never the subject', () => {
    const ranked = rankCoMovers(
      [
        mover('process_cpu_seconds_total', 'web', 2, 'web-1'),
        mover('process_cpu_seconds_total', 'web', 5, 'web-2'),
        mover('http_requests_total', 'web', 9, 'web-1'),
        mover('http_requests_total', 'cart', 7),
        mover('grpc_calls_total', 'cart', 0.2),
        mover('queue_calls_total', 'cart', NaN),
      ],
      subject,
    );
    expect(ranked.map(({ labels, score }) => [labels['service'], labels['pod'], score])).toEqual([
      ['cart', undefined, 7],
      ['web', 'web-2', 5],
    ]);
  });

  it.each([
    [0, ''],
    [1, 'HTTP requests of a (score 5)'],
    [2, 'HTTP requests of a (score 5) and HTTP requests of b (score 4)'],
    [4, 'HTTP requests of a (score 5), HTTP requests of b (score 4) and 2 more'],
  ])('says %i of them as %s', (count, text) => {
    const movers = ['a', 'b', 'c', 'd'].slice(0, count).map((name, i) => mover('http_requests_total', name, 5 - i));
    expect(coMoversText(movers)).toBe(text);
  });
});

describe('seriesQuery', () => {
  it.each([
    [{ __name__: 'up', job: 'node' }, 'raw', 'up{job="node"}'],
    [{ __name__: 'up' }, 'raw', 'up'],
    [{ __name__: 'x_total', path: 'a"b\\c' }, 'per_second', 'rate(x_total{path="a\\"b\\\\c"}[2m])'],
    [{ __name__: 'http.requests', 'http.route': '/' }, 'raw', '{"http.requests", "http.route"="/"}'],
    [
      { __name__: 'service:http_request_duration_seconds:p99', service: 'web' },
      'raw',
      'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{service="web"}[2m])))',
    ],
    [{ __name__: 'service:queue_length:mean', service: 'web' }, 'raw', 'avg(queue_length{service="web"})'],
    [
      { __name__: 'service:multivariate:residual', service: 'web' },
      'raw',
      'service:multivariate:residual{service="web"}',
    ],
  ] as const)('of %j (%s) is %s', (labels, unit, query) => {
    expect(seriesQuery(labels, unit)).toBe(query);
  });
});
