import { expect, it } from 'vitest';
import { serviceOf } from './service-of.js';

it.each([
  [{ service: 'web', pod: 'other-1' }, 'web'],
  [{ pod: 'cart-79596bd698-x2x4z' }, 'cart'],
  // Few digits make a short hash.
  [{ pod: 'cart-7c7979-qlvvz' }, 'cart'],
  [{ replicaset: 'cart-bd985' }, 'cart'],
  [{ deployment: 'cart' }, 'cart'],
  [{ replicaset: 'cart-cache-79596bd698' }, 'cart-cache'],
  [{ horizontalpodautoscaler: 'cart' }, 'cart'],
  [{ persistentvolumeclaim: 'data-orders-db-replica-1' }, 'orders-db'],
  [{ job: 'node-exporter', instance: 'n1', node: 'n1' }, null],
])('%j is about %s', (labels, service) => {
  expect(serviceOf(labels as Record<string, string>)).toBe(service);
});
