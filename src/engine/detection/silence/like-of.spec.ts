import { describe, expect, it } from 'vitest';
import { likeOf } from './like-of.js';

const of = (name: string, labels: Record<string, string> = {}) => likeOf({ __name__: name, ...labels });

describe('series that stand for each other', () => {
  it('are those of one metric and service, whichever pod or node they come from', () => {
    expect(of('http_requests_total', { service: 'web', pod: 'web-1', code: '200' })).toBe(
      of('http_requests_total', { service: 'web', pod: 'web-2', code: '500' }),
    );
    expect(of('http_requests_total', { service: 'web' })).not.toBe(of('http_requests_total', { service: 'shop' }));
    expect(of('http_requests_total', { service: 'web' })).not.toBe(of('http_errors_total', { service: 'web' }));
    expect(of('up', { service: 'web', cluster: 'eu' })).not.toBe(of('up', { service: 'web', cluster: 'us' }));
  });

  it('are those of one job where no service is known', () => {
    expect(of('node_load1', { job: 'kubelet', node: 'a' })).toBe(of('node_load1', { job: 'kubelet', node: 'b' }));
    expect(of('kube_node_info', { job: 'kube-state-metrics', node: 'a' })).not.toBe(
      of('kube_node_info', { job: 'kubelet', node: 'a' }),
    );
  });

  it('does not join signals of a service', () => {
    const signal = { service: 'web', state: 'idle' };
    expect(of('service:connections:sum', signal)).toBe(of('service:connections:sum', { ...signal }));
    expect(of('service:connections:sum', signal)).not.toBe(
      of('service:connections:sum', { service: 'web', state: 'used' }),
    );
  });

  it('leaves batch jobs out', () => {
    expect(of('kube_job_status_active', { job: 'kube-state-metrics', job_name: 'backup-28473920' })).toBeNull();
    expect(of('rows_read_total', { service: 'backup', pod: 'backup-28473920-x7k2p' })).toBeNull();
    expect(of('rows_read_total', { service: 'backup', pod: 'backup-1616161610-x7k2p' })).toBeNull();
    expect(of('rows_read_total', { service: 'backup', pod: 'backup-6d4cf56db6-x7k2p' })).not.toBeNull();
  });

  it('knows the hash of a ReplicaSet from the time of a job, even where it is all digits', () => {
    // The hash of 1403440220: SafeEncodeString writes 0 to 9 as 4 to 9, b, c, d and f.
    expect(of('kube_pod_status_phase', { pod: 'shipping-5847884664-x7k2p' })).not.toBeNull();
  });

  it('leaves out what is told only while it is the case', () => {
    const web = { job: 'kube-state-metrics', pod: 'web-7ccc69ddcc-kndk9', reason: 'ContainerCreating' };
    expect(of('kube_pod_container_status_waiting_reason', web)).toBeNull();
    expect(of('ALERTS', { alertname: 'ManyErrors', alertstate: 'firing' })).toBeNull();
    expect(of('kube_pod_container_status_ready', web)).not.toBeNull();
  });
});
