import { describe, expect, it } from 'vitest';
import type { ObservedPod } from './hpa-observation.types.js';
import { averageValueReplicas, externalUsage, objectUsage, valueReplicas } from './value-replicas.js';

/**
 * Cases of kubernetes pkg/controller/podautoscaler/replica_calculator_test.go, by the Test function named in each
 * `describe`.
 */
const TOLERANCES = { scaleDown: 0.1, scaleUp: 0.1 };
const NARROW = { scaleDown: 0.1, scaleUp: 0.01 };

function pods(readiness: string): ObservedPod[] {
  return [...readiness].map((ready, index) => ({
    name: `pod-${index}`,
    phase: 'Running',
    ready: { status: ready === 'T' ? 'True' : 'False', lastTransitionTime: 0 },
    containers: [],
  }));
}

describe('one value against a target (TestReplicaCalcObjectMetric, TestReplicaCalcExternalMetric)', () => {
  it.each([
    ['object: scale up', 'TTT', 20_000, 15_000, TOLERANCES, 4],
    ['object: saturates at 2^31 - 1', 'TTT', 2 ** 63, 1, TOLERANCES, 2_147_483_647],
    ['object: only ready pods multiply', 'FTF', 50_000, 10_000, TOLERANCES, 5],
    ['object: scale down', 'TTTTT', 12_000, 20_000, TOLERANCES, 3],
    ['object: within the tolerance', 'TTT', 20_666, 20_000, TOLERANCES, 3],
    ['object: outside 1 %', 'TTT', 20_666, 20_000, NARROW, 4],
    ['external: unready pods turn up into down', 'FTF', 8600, 4400, TOLERANCES, 2],
    ['external: scale down', 'TTTTT', 8600, 14_334, TOLERANCES, 3],
    ['external: within the tolerance', 'TTT', 8600, 8888, TOLERANCES, 3],
    ['external: outside 1 %', 'TTT', 8900, 8800, NARROW, 4],
  ] as const)('%s', (_name, readiness, usage, target, tolerances, replicas) => {
    const proposal = valueReplicas(readiness.length, usage, target, pods(readiness), tolerances);
    expect(proposal).toEqual({ replicas, usageMilli: usage });
  });

  // horizontal_test.go, TestScaleUpFromZeroCMObject and TestScaleUpFromZeroIgnoresToleranceCMObject.
  it.each([
    [20_000, 15_000, 2],
    [1000, 1000, 1],
    [0, 1000, 0],
  ])('from zero replicas %d against %d asks for %d', (usage, target, replicas) => {
    expect(valueReplicas(0, usage, target, [], TOLERANCES).replicas).toBe(replicas);
  });

  it('fails when there are replicas but no pods', () => {
    expect(() => valueReplicas(3, 20_000, 15_000, [], TOLERANCES)).toThrow('no pods returned by selector');
  });
});

describe('a value shared by the replicas (TestReplicaCalcObjectPerPodMetric, TestReplicaCalcExternalPerPodMetric)', () => {
  const MAX = 2 ** 63;
  it.each([
    ['saturates at 2^31 - 1', 1, MAX, 1, TOLERANCES, 2_147_483_647, MAX],
    ['huge target leaves it', 1, MAX, MAX, TOLERANCES, 1, MAX],
    ['external: scale up', 3, 8600, 2150, TOLERANCES, 4, 2867],
    ['external: scale down', 5, 8600, 2867, TOLERANCES, 3, 1720],
    ['external: within the tolerance', 3, 8600, 2900, TOLERANCES, 3, 2867],
    ['external: outside 1 %', 3, 8600, 2800, NARROW, 4, 2867],
    ['object: scale up', 3, 20_000, 5000, TOLERANCES, 4, 6667],
    ['object: scale down', 5, 6000, 2000, TOLERANCES, 3, 1200],
    ['object: within the tolerance', 4, 20_166, 5000, TOLERANCES, 4, 5042],
    ['object: outside 1 %', 4, 20_208, 5000, NARROW, 5, 5052],
    ['from zero replicas', 0, 20_000, 5000, TOLERANCES, 4, 0],
    ['from zero replicas with nothing', 0, 0, 5000, TOLERANCES, 0, 0],
  ] as const)('%s', (_name, statusReplicas, usage, target, tolerances, replicas, usageMilli) => {
    expect(averageValueReplicas(statusReplicas, usage, target, tolerances)).toEqual({ replicas, usageMilli });
  });
});

describe('readings', () => {
  it('sums the series of an external metric', () => {
    expect(externalUsage({ type: 'External', milli: [1000, 500] }, 'ns/qps/nil')).toBe(1500);
  });

  // TestReplicaCalcExternalMetric, "usage overflow caps at MaxInt64".
  it('caps their sum at 2^63 - 1', () => {
    expect(externalUsage({ type: 'External', milli: [2 ** 62 + 1024, 2 ** 62 + 1024] }, 'x')).toBe(2 ** 63);
  });

  it.each([
    [null, 'unable to get external metric ns/qps/nil: no metrics returned from external metrics API'],
    [{ type: 'External', milli: [] }, 'no metrics returned from external metrics API'],
    [{ type: 'error', message: 'down' }, 'unable to fetch metrics from external metrics API: down'],
  ] as const)('refuses %j', (reading, message) => {
    expect(() => externalUsage(reading, 'ns/qps/nil')).toThrow(message);
  });

  it('refuses an object metric that is not there', () => {
    expect(objectUsage({ type: 'Object', milli: 7 }, 'qps', 'Ingress shop/main')).toBe(7);
    expect(() => objectUsage(undefined, 'qps', 'Ingress shop/main')).toThrow(/unable to get metric qps: .* on Ingress/);
    expect(() => objectUsage({ type: 'error', message: 'down' }, 'qps', 'Ingress a/b')).toThrow('down');
  });
});
