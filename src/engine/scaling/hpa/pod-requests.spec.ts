import { describe, expect, it } from 'vitest';
import type { MilliResources } from './hpa-observation.types.js';
import { podRequests } from './pod-requests.js';

/** Cases of kubernetes replica_calculator_test.go, TestCalculateRequests; pod-level resources are taken where set. */
type Requests = readonly (MilliResources | undefined)[];

function requestsOf(containers: Requests, container: string | null, pod?: MilliResources): number | undefined {
  const listed = containers.map((requests, index) => ({ name: `container${index + 1}`, requests: requests ?? {} }));
  const tested = { name: 'test-pod', phase: 'Running' as const, containers: listed, podRequests: pod };
  return podRequests([tested], 'cpu', container).get('test-pod');
}

describe('podRequests', () => {
  const two = [{ cpu: 100 }, { cpu: 50 }];
  it.each<[string, Requests, string | null, MilliResources | undefined, number]>([
    ['sum of the containers, sidecars included', two, null, undefined, 150],
    ['pod-level requests not set', two, null, {}, 150],
    ['pod-level requests', two, null, { cpu: 800 }, 800],
    ['pod-level requests where a container states none', [undefined, { cpu: 50 }], null, { cpu: 800 }, 800],
    ['one container', two, 'container1', undefined, 100],
    ['one container, whatever the pod states', two, 'container1', { cpu: 800 }, 100],
  ])('%s', (_name, containers, container, pod, expected) => {
    expect(requestsOf(containers, container, pod)).toBe(expected);
  });

  it('names what is missing', () => {
    expect(podRequests([], 'cpu', null).size).toBe(0);
    expect(() => requestsOf([undefined, { cpu: 50 }], null)).toThrow(
      'missing request for cpu in container container1 of Pod test-pod',
    );
    expect(() => requestsOf(two, null, { memory: 1 })).toThrow('missing pod-level request for cpu in Pod test-pod');
    expect(() => requestsOf(two, 'other')).toThrow('container other not found in Pod test-pod');
  });
});
