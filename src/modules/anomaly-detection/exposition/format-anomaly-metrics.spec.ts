import { describe, expect, it } from 'vitest';
import { formatAnomalyMetrics } from './format-anomaly-metrics.js';

describe('formatAnomalyMetrics', () => {
  it('writes families together, with help where it is ours', () => {
    const text = formatAnomalyMetrics(
      [
        { labels: { __name__: 'yhat', job: 'node', for: 'node_load1' }, time: 5, value: 0.5 },
        { labels: { __name__: 'anomaly_score', job: 'node', for: 'node_load1' }, time: 5, value: 1.25 },
        { labels: { __name__: 'service:http_requests_total:rate', service: 'web' }, time: 5, value: 12 },
        { labels: { __name__: 'anomaly_score', job: 'a"b\\c\nd', for: 'up' }, time: 6, value: Infinity },
      ],
      true,
    );
    expect(text).toBe(
      '# HELP anomaly_score How far the series is from what was expected of it; above 1 it is out of its band.\n' +
        '# TYPE anomaly_score gauge\n' +
        'anomaly_score{for="node_load1",job="node"} 1.25 5\n' +
        'anomaly_score{for="up",job="a\\"b\\\\c\\nd"} +Inf 6\n' +
        '# TYPE service:http_requests_total:rate gauge\n' +
        'service:http_requests_total:rate{service="web"} 12 5\n' +
        '# HELP yhat What was expected.\n' +
        '# TYPE yhat gauge\n' +
        'yhat{for="node_load1",job="node"} 0.5 5\n',
    );
  });

  it('leaves times to the scraper, and writes names that old readers know', () => {
    const labels = { __name__: 'http.requests', 'http.route': '/', '1st': 'x' };
    expect(formatAnomalyMetrics([{ labels, time: 5, value: 1 }], false)).toBe(
      '# TYPE http_requests gauge\nhttp_requests{_1st="x",http_route="/"} 1\n',
    );
  });

  it('is empty without samples', () => {
    expect(formatAnomalyMetrics([], false)).toBe('');
  });
});
