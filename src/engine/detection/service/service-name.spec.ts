import { describe, expect, it } from 'vitest';
import { serviceKey, serviceOf, workloadOfPod } from './service-name.js';

describe('serviceOf', () => {
  it.each([
    [{ service: 'web', app: 'frontend', job: 'x' }, 'web'],
    [{ app: 'frontend', job: 'x' }, 'frontend'],
    [{ app_kubernetes_io_name: 'cart' }, 'cart'],
    [{ service_name: 'otel-cart', job: 'otel/otel-cart' }, 'otel-cart'],
    [{ job: 'kubelet', container: 'catalog', pod: 'catalog-6684cdf9db-5t5hr' }, 'catalog'],
    [{ job: 'kubelet', container: 'POD', pod: 'catalog-6684cdf9db-5t5hr' }, 'catalog'],
    [{ job: 'kube-state-metrics', deployment: 'orders' }, 'orders'],
    [{ job: 'billing', instance: '10.0.0.1:80' }, 'billing'],
  ])('of %j is %s', (labels, service) => {
    expect(serviceOf(labels)?.service).toBe(service);
  });

  it.each([[{}], [{ job: 'kube-state-metrics' }], [{ job: 'blackbox', instance: 'https://x' }], [{ service: '' }]])(
    'of %j is nobody',
    (labels) => {
      expect(serviceOf(labels)).toBeNull();
    },
  );

  it('keeps services of one name in two clusters apart', () => {
    const key = (cluster: string) => serviceKey(serviceOf({ service: 'web', cluster })!);
    expect(key('eu')).not.toBe(key('us'));
  });
});

describe('workloadOfPod', () => {
  it.each([
    ['web-7ccc69ddcc-kndk9', 'web'],
    ['order-api-6684cdf9db-5t5hr', 'order-api'],
    // Hashes of 373,535 and of 68,541: few digits, few letters.
    ['recommendations-7c7979-qlvvz', 'recommendations'],
    ['web-bd985-x7k2p', 'web'],
    ['web-green-x7k2p', 'web-green'],
    ['postgres-0', 'postgres'],
    ['fluentd-x7k2p', 'fluentd'],
    ['toolbox', 'toolbox'],
  ])('of %s is %s', (pod, workload) => {
    expect(workloadOfPod(pod)).toBe(workload);
  });
});
