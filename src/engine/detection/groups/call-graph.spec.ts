import { describe, expect, it } from 'vitest';
import type { Labels } from '../../../kernel/time-series.js';
import { callGraphOf, callNames, callsEachOther, createCallGraph, forgetCalls, learnCalls } from './call-graph.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 3, 14);
const service = (name: string) => ({ service: name, namespace: '', cluster: '' });

describe('learnCalls', () => {
  it.each([
    [{ service: 'web', peer: 'cart' }, 'cart'],
    [{ service: 'web', destination_service_name: 'cart' }, 'cart'],
    [{ service: 'web', destination_service: 'cart.shop.svc.cluster.local' }, 'cart'],
    [{ service: 'cart', pool: 'cart-db' }, 'cart-db'],
  ])('reads a call from %j', (labels: Labels, callee) => {
    const graph = createCallGraph();
    expect(learnCalls(graph, labels)).toBe(true);
    expect(callNames(graph)).toEqual({ [labels['service']!]: [callee] });
  });

  it('reads none from what is no call, and keeps to a bound', () => {
    const graph = createCallGraph();
    expect(learnCalls(graph, { service: 'web', peer: 'web' })).toBe(false);
    expect(learnCalls(graph, { service: 'web', pod: 'web-1' })).toBe(false);
    for (let i = 0; i < 1_000; i += 1) learnCalls(graph, { service: 'proxy', peer: `up-${i}` });
    expect(graph.callees.get('proxy')!.size).toBe(200);
  });

  it('lets callees that were not heard of for the longest give way to later ones', () => {
    const graph = createCallGraph();
    for (let i = 0; i < 200; i += 1) learnCalls(graph, { service: 'proxy', peer: `up-${i}` }, NOW + i);
    learnCalls(graph, { service: 'proxy', peer: 'up-0' }, NOW + 200);
    learnCalls(graph, { service: 'proxy', peer: 'new' }, NOW + 300);
    const names = graph.callees.get('proxy')!;
    expect([names.size, names.has('up-0'), names.has('up-1'), names.has('new')]).toEqual([200, true, false, true]);
    // What is told late of a time before all others replaces nothing.
    learnCalls(graph, { service: 'proxy', peer: 'late' }, NOW);
    expect(names.has('late')).toBe(false);
  });

  it('keeps to a bound of callers, whatever they are called', () => {
    const graph = createCallGraph();
    for (let i = 0; i < 10_000; i += 1) learnCalls(graph, { service: `job-${i}`, peer: 'database' }, NOW + i);
    expect(graph.callees.size).toBe(2_000);
    expect(callsEachOther(graph, service('job-9999'), service('database'))).toBe(true);
    expect(callsEachOther(graph, service('job-0'), service('database'))).toBe(false);
  });

  it('forgets calls that nothing told of for a day, and callers without any', () => {
    const graph = createCallGraph();
    learnCalls(graph, { service: 'web', peer: 'cart' }, NOW);
    learnCalls(graph, { service: 'web', peer: 'users' }, NOW + 20 * HOUR);
    learnCalls(graph, { service: 'batch', peer: 'users' }, NOW);
    const { changes } = graph;
    forgetCalls(graph, NOW + 24 * HOUR);
    expect(graph.changes).toBe(changes);
    forgetCalls(graph, NOW + 25 * HOUR);
    expect(callNames(graph)).toEqual({ web: ['users'] });
    expect(graph.changes).toBe(changes + 2);
  });

  it('counts as changes only what is new, and goes through storage', () => {
    const graph = createCallGraph();
    for (let i = 0; i < 3; i += 1) learnCalls(graph, { service: 'web', peer: 'cart' }, NOW + i);
    expect(graph.changes).toBe(1);
    const restored = callGraphOf(callNames(graph));
    expect(callsEachOther(restored, service('cart'), service('web'))).toBe(true);
    expect(callsEachOther(restored, service('cart'), service('users'))).toBe(false);
  });
});
