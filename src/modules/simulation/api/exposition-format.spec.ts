import { describe, expect, it } from 'vitest';
import { negotiateFormat } from './exposition-format.js';

describe('negotiateFormat', () => {
  it.each([
    [undefined, 'prometheus-text'],
    ['', 'prometheus-text'],
    ['*/*', 'prometheus-text'],
    ['text/html', 'prometheus-text'],
    ['text/plain', 'prometheus-text'],
    ['application/openmetrics-text', 'open-metrics'],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'open-metrics'],
    ['application/openmetrics-text; version="1.0.0"', 'open-metrics'],
    ['application/openmetrics-text;version=0.0.1', 'prometheus-text'],
    ['text/plain;q=0.9,application/openmetrics-text;q=0.5', 'prometheus-text'],
    ['application/openmetrics-text;q=0', 'prometheus-text'],
    ['application/openmetrics-text;q=x', 'prometheus-text'],
    [
      // What Prometheus 3 sends.
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'open-metrics',
    ],
    [
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'prometheus-text',
    ],
  ])('%s: %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });
});
