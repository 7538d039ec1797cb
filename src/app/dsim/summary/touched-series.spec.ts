import { describe, expect, it } from 'vitest';
import type { TouchedSeries } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import { touchedRows } from './touched-series.js';

function series(family: string, labels: Record<string, string> = {}, more: Partial<TouchedSeries> = {}): TouchedSeries {
  return { family, labels: { __name__: family, ...labels }, at: 75, value: 12, without: 3, measure: 'value', ...more };
}

describe('what a fault moved first', () => {
  it('is told once of each thing', () => {
    const touched = [
      series('container_cpu_cfs_periods_total', {}, { measure: 'rate', value: 10, without: null }),
      series('container_cpu_usage_seconds_total'),
      series('kube_pod_status_ready', {}, { at: 90, value: 0, without: 1 }),
      series('http_requests_total', {}, { at: 105, measure: 'rate', value: 11.94, without: 0 }),
      series('up', {}, { at: 105 }),
    ];
    expect(touchedRows(touched, 60, 80)).toEqual([
      ['+15 s', '10/s instead of none', 'container_cpu_cfs_periods_total'],
      ['+30 s', '0 instead of 1', 'kube_pod_status_ready'],
      ['+45 s', '11.9/s instead of 0/s', 'http_requests_total'],
    ]);
  });

  it('has as many labels as there is room for, the most telling first', () => {
    const labels = { pod: 'web-549789777-8868n', instance: '10.0.0.7:8080', code: '502', job: 'web' };
    const name = (room: number) => touchedRows([series('http_requests_total', labels)], 0, room)[0]![2];
    expect(name(80)).toBe('http_requests_total{code="502",pod="web-549789777-8868n"}');
    expect(name(40)).toBe('http_requests_total{code="502"}');
    expect(name(10)).toBe('http_requests_total');
  });
});
