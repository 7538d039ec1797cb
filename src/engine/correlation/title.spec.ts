import type { Labels } from '../../kernel/time-series.js';
import { describe, expect, it } from 'vitest';
import { formatNumber } from './numbers.js';
import { sharedLabelsOf, titleOf } from './title.js';
import type { TopicSummary } from './topics.js';

const topic = (name: string, series: number, peakScore: number): TopicSummary => ({
  topic: name,
  signal: null,
  series,
  peakScore,
});
const startedAt = Date.UTC(2026, 10, 3, 14, 2, 33);

describe('titleOf', () => {
  const facts = { sharedLabels: {}, environmentName: 'Shop', startedAt };
  it.each([
    [
      'topics and host',
      { topics: [topic('load', 1, 3), topic('CPU', 3, 8)], sharedLabels: { instance: 'host-1:9100', job: 'node' } },
      'CPU and load on host-1: 4 series off their expected band since 14:02 UTC',
    ],
    [
      'one series',
      { topics: [topic('latency', 1, 2)], sharedLabels: { service: 'checkout' } },
      'Latency in service checkout: 1 series off its expected band since 14:02 UTC',
    ],
    [
      'a job',
      { topics: [topic('CPU', 2, 2)], sharedLabels: { job: 'node' } },
      'CPU in job node: 2 series off their expected band since 14:02 UTC',
    ],
    [
      'the environment',
      { topics: [topic('orders_created', 1, 2)] },
      'orders_created in Shop: 1 series off its expected band since 14:02 UTC',
    ],
    [
      'three topics',
      { topics: [topic('a', 1, 3), topic('b', 1, 2), topic('c', 1, 1)] },
      'A, b and c in Shop: 3 series off their expected band since 14:02 UTC',
    ],
    [
      'more topics than fit',
      { topics: [topic('a', 1, 1), topic('b', 1, 4), topic('c', 1, 3), topic('d', 1, 2)] },
      'B, c and 2 more in Shop: 4 series off their expected band since 14:02 UTC',
    ],
    [
      'an IPv6 instance',
      { topics: [topic('CPU', 1, 2)], sharedLabels: { instance: '[::1]:9100' } },
      'CPU on [::1]: 1 series off its expected band since 14:02 UTC',
    ],
    [
      'an instance without port',
      { topics: [topic('CPU', 1, 2)], sharedLabels: { instance: '2001:db8::9100' } },
      'CPU on 2001:db8::9100: 1 series off its expected band since 14:02 UTC',
    ],
    ['nothing', { topics: [] }, 'Unknown in Shop: 0 series off their expected band since 14:02 UTC'],
  ])('names %s', (_, given, title) => {
    expect(titleOf({ ...facts, ...given })).toBe(title);
  });

  it('does not depend on the order of the evidence', () => {
    const topics = [topic('CPU', 1, 2), topic('load', 1, 2), topic('memory', 1, 5)];
    expect(titleOf({ ...facts, topics })).toBe(titleOf({ ...facts, topics: [...topics].reverse() }));
  });

  it('names a topic once, even where two signals share it', () => {
    const topics: TopicSummary[] = [topic('errors', 1, 2), { ...topic('errors', 2, 3), signal: 'errors' }];
    expect(titleOf({ ...facts, topics })).toContain('Errors in Shop: 3 series');
  });
});

describe('sharedLabelsOf', () => {
  it.each<[Labels[], Labels]>([
    [[], {}],
    [[{ job: 'a', instance: 'x' }], { job: 'a', instance: 'x' }],
    [
      [
        { job: 'a', instance: 'x' },
        { job: 'a', instance: 'y' },
      ],
      { job: 'a' },
    ],
    [[{ job: 'a' }, {}], {}],
    [[{ job: '' }, { job: '' }], {}],
    [[{ team: 'a' }], {}],
  ])('%o', (sets, shared) => {
    expect(sharedLabelsOf(sets, ['job', 'instance', 'service'])).toEqual(shared);
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [8.4, '8.4'],
    [0.123456, '0.1235'],
    [1234.56, '1235'],
    [-12.345, '-12.35'],
    [0.00001234, '1.23e-5'],
    [5e12, '5.00e+12'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('%d', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
