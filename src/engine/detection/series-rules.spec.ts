import { describe, expect, it } from 'vitest';
import { minimumDeviation, minimumRelativeDeviation } from './minimum-deviation.js';
import { exclusionReason } from './series-selection.js';
import { scoredUnit } from './series-unit.js';

const labels = (name: string) => ({ __name__: name, instance: 'a' });
const reason = (name: string, derivedFrom: number | null = null) =>
  exclusionReason({ labels: labels(name), metricType: 'unknown', derivedFrom });

describe('scoredUnit', () => {
  it.each([
    ['requests', 'counter', 'per_second'],
    ['requests_total', 'unknown', 'per_second'],
    ['requests_total', 'gauge', 'raw'],
    ['latency_seconds_bucket', 'histogram', 'per_second'],
    ['latency_seconds', 'summary', 'raw'],
    ['latency_seconds_sum', 'summary', 'per_second'],
    ['node_load1', 'gauge', 'raw'],
    ['node_vmstat_pgfault', 'unknown', 'per_second'],
    ['node_netstat_Tcp_CurrEstab', 'unknown', 'raw'],
    ['node_netstat_Tcp_InSegs', 'unknown', 'per_second'],
  ] as const)('%s declared as %s is scored %s', (name, type, unit) => {
    expect(scoredUnit(labels(name), type)).toBe(unit);
  });
});

describe('exclusionReason', () => {
  it.each([
    'a_bucket',
    'node_uname_info',
    'a_created',
    'node_boot_time_seconds',
    'node_time_seconds',
    'scrape_duration_seconds',
    'kube_deployment_metadata_generation',
    'kube_deployment_spec_replicas',
    'kube_deployment_status_replicas_available',
    'kube_replicaset_status_ready_replicas',
    'kube_pod_container_resource_limits',
    'container_spec_cpu_quota',
  ])('leaves %s out, and says why', (name) => expect(reason(name)).toMatch(/\w+ \w+/));

  it.each([
    'up',
    'node_load1',
    'http_response_time_seconds',
    'node_cpu_seconds_total',
    'kube_deployment_status_replicas_unavailable',
    'kube_pod_container_status_restarts_total',
  ])('scores %s', (name) => {
    expect(reason(name)).toBeNull();
  });

  it('leaves derived series and excluded ones out', () => {
    expect(reason('anomaly_score', 7)).toBe('computed by a detector from another series');
    const rules = [{ metric: /^up$/, reason: 'noisy' }];
    expect(exclusionReason({ labels: labels('up'), metricType: 'gauge', derivedFrom: null }, rules)).toBe('noisy');
  });
});

describe('minimumRelativeDeviation', () => {
  it('lets pods share their work anew: from two to three a third goes from each', () => {
    const ofPod = { ...labels('http_requests_total'), pod: 'web-1' };
    expect(minimumRelativeDeviation(ofPod, 'per_second', 0.2)).toBeGreaterThan(1 / 3);
    expect(minimumRelativeDeviation(ofPod, 'raw', 0.2)).toBe(0.2);
    expect(minimumRelativeDeviation(ofPod, 'per_second', 0)).toBe(0);
    // A quantile may move within its bucket.
    expect(minimumRelativeDeviation(labels('service:http_request_duration_seconds:p99'), 'raw', 0.2)).toBe(0.5);
    expect(minimumRelativeDeviation(labels('service:http_request_duration_seconds:mean'), 'raw', 0.2)).toBe(0.2);
    expect(minimumRelativeDeviation(labels('http_requests_total'), 'per_second', 0.2)).toBe(0.2);
  });
});

describe('minimumDeviation', () => {
  it('follows the unit in the name, and rules of the operator first', () => {
    expect(minimumDeviation(labels('process_cpu_seconds_total'), 'per_second')).toBe(0.1);
    expect(minimumDeviation(labels('up'), 'raw')).toBeLessThan(1);
    expect(minimumDeviation(labels('node_memory_MemAvailable_bytes'), 'raw')).toBeGreaterThan(1e6);
    expect(minimumDeviation(labels('service:http_request_duration_seconds:p99'), 'raw')).toBe(0.02);
    expect(minimumDeviation(labels('service:http_requests_total:error_ratio'), 'raw')).toBe(0.01);
    expect(minimumDeviation(labels('service:process_cpu_seconds_total:rate'), 'raw')).toBe(0.1);
    expect(minimumDeviation(labels('service:http_requests_in_flight:sum'), 'raw')).toBe(5);
    expect(minimumDeviation(labels('up'), 'raw', [{ metric: /^up$/, deviation: 3 }])).toBe(3);
  });

  it('lets a scheduler put a pod of one core on a node of four', () => {
    expect(minimumDeviation(labels('node_cpu_seconds_total'), 'per_second')).toBeGreaterThan(1 / 4);
    expect(minimumDeviation(labels('node_load1'), 'raw')).toBeGreaterThan(1);
    // 125 MB/s is all that a link of 1 Gbit/s carries.
    expect(minimumDeviation(labels('node_network_transmit_bytes_total'), 'per_second')).toBeGreaterThan(125e6 / 10);
    expect(minimumDeviation(labels('node_network_transmit_bytes_total'), 'per_second')).toBeLessThan(125e6 / 4);
  });
});
