import { describe, expect, it } from 'vitest';
import { compareSeverity, judgeSeverity } from './severity.js';
import { topicOf, type TopicSummary } from './topics.js';

const cpu = (series: number, peakScore: number): TopicSummary => ({
  topic: 'CPU',
  signal: 'saturation',
  series,
  peakScore,
});
const errors = (series: number, peakScore: number): TopicSummary => ({
  topic: 'errors',
  signal: 'errors',
  series,
  peakScore,
});

describe('judgeSeverity', () => {
  it.each([
    ['one series, barely off', [cpu(1, 1.1)], 'info'],
    ['nothing known', [], 'info'],
    ['four series, barely off', [cpu(4, 2.99)], 'info'],
    ['five series', [cpu(5, 1.5)], 'warning'],
    ['one series, clearly off', [cpu(1, 3)], 'warning'],
    ['one series, extremely off', [cpu(1, 10)], 'warning'],
    ['several, extremely off', [cpu(5, 10)], 'error'],
    ['everything off, but not felt by users', [cpu(200, 50)], 'error'],
    ['errors, barely', [errors(1, 1.2)], 'warning'],
    ['errors, clearly, among several', [errors(1, 4), cpu(4, 2)], 'error'],
    ['errors, extremely, among several', [errors(1, 12), cpu(4, 2)], 'critical'],
    ['errors, clearly, among many', [errors(2, 3), cpu(18, 2)], 'critical'],
  ] as const)('%s', (_, topics, severity) => {
    expect(judgeSeverity(topics).severity).toBe(severity);
  });

  it('states its reasons with the numbers', () => {
    expect(judgeSeverity([errors(1, 12.34), cpu(4, 2)]).reasons).toEqual([
      '5 series (5 or more)',
      'peak score 12.3 (10 or more)',
      'users may feel it: errors',
    ]);
    expect(judgeSeverity([cpu(1, 1.1)]).reasons).toEqual([
      '1 series',
      'peak score 1.1',
      'no signal that users feel directly',
    ]);
  });

  it('never sinks when evidence is added', () => {
    for (let series = 1; series < 40; series++) {
      for (const score of [1, 2, 3, 8, 10, 30]) {
        const before = judgeSeverity([cpu(series, score)]).severity;
        for (const added of [cpu(1, 1), cpu(3, 20), errors(1, 1)]) {
          expect(compareSeverity(judgeSeverity([cpu(series, score), added]).severity, before)).toBeGreaterThanOrEqual(
            0,
          );
        }
      }
    }
  });
});

describe('topicOf', () => {
  it.each([
    [{ __name__: 'node_cpu_seconds_total', mode: 'user' }, 'CPU', 'saturation'],
    [{ __name__: 'node_load1' }, 'load', 'saturation'],
    [{ __name__: 'node_memory_MemAvailable_bytes' }, 'memory', 'saturation'],
    [{ __name__: 'node_filesystem_avail_bytes' }, 'file system', 'saturation'],
    [{ __name__: 'node_disk_io_time_seconds_total' }, 'disk', 'saturation'],
    [{ __name__: 'node_network_receive_bytes_total' }, 'network', 'traffic'],
    [{ __name__: 'node_network_receive_errs_total' }, 'errors', 'errors'],
    [{ __name__: 'up' }, 'availability', 'availability'],
    [{ __name__: 'pg_up' }, 'availability', 'availability'],
    [{ __name__: 'http_request_duration_seconds_sum' }, 'latency', 'latency'],
    [{ __name__: 'http_requests_total', code: '503' }, 'errors', 'errors'],
    [{ __name__: 'http_requests_total', code: '200' }, 'requests', 'traffic'],
    [{ __name__: 'rabbitmq_queue_messages' }, 'queue', 'saturation'],
    [{ __name__: 'orders_created' }, 'orders_created', null],
    [{ __name__: 'setup_done' }, 'setup_done', null],
    [{}, 'unnamed series', null],
    [{ code: '500' }, 'unnamed series', null],
  ] as const)('%o', (labels, topic, signal) => {
    expect(topicOf(labels)).toEqual({ topic, signal });
  });
});
