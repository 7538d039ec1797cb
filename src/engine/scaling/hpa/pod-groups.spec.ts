import { describe, expect, it } from 'vitest';
import { DEFAULT_CONTROLLER_SETTINGS } from './controller-settings.js';
import type { ObservedPod } from './hpa-observation.types.js';
import { groupPods } from './pod-groups.js';

/** Cases of kubernetes pkg/controller/podautoscaler/replica_calculator_test.go, TestGroupPods. */
const NOW = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SETTINGS = {
  ...DEFAULT_CONTROLLER_SETTINGS,
  cpuInitializationPeriodMs: 2 * MINUTE,
  initialReadinessDelayMs: 10 * SECOND,
};

type Metric = readonly [ageMs: number, windowMs: number];
/** Start of the pod and transition of its Ready condition, as ages. */
function pod(phase: ObservedPod['phase'], startAge?: number, ready?: readonly ['True' | 'False', number]): ObservedPod {
  return {
    name: 'a',
    phase,
    startTime: startAge === undefined ? null : NOW - startAge,
    ready: ready ? { status: ready[0], lastTransitionTime: NOW - ready[1] } : null,
    containers: [],
  };
}

function group(tested: ObservedPod, metric: Metric | null, resource: string | null): string {
  const metrics = new Map(metric ? [['a', { milli: 1, timestamp: NOW - metric[0], windowMs: metric[1] }]] : []);
  const groups = groupPods([tested], metrics, resource, SETTINGS, NOW);
  const found = (['unready', 'missing', 'ignored'] as const).filter((name) => groups[name].has('a'));
  return [...found, ...(groups.readyCount === 1 ? ['counted'] : [])].join();
}

describe('groupPods', () => {
  it.each([
    ['memory: a running pod', pod('Running'), [0, MINUTE], 'memory', 'counted'],
    ['no ready condition', pod('Running', 0), [0, 0], 'cpu', 'unready'],
    ['no start time', pod('Running', undefined, ['True', 0]), [0, 0], 'cpu', 'unready'],
    ['young, ready for one window', pod('Running', MINUTE, ['True', 30 * SECOND]), [0, 30 * SECOND], 'cpu', 'counted'],
    ['young, ready for less', pod('Running', MINUTE, ['True', 30 * SECOND]), [0, MINUTE], 'cpu', 'unready'],
    [
      'old, unready within the delay after its start',
      pod('Running', 10 * MINUTE, ['False', 9 * MINUTE + 54 * SECOND]),
      [0, 0],
      'cpu',
      'unready',
    ],
    [
      'old, ready, old sample',
      pod('Running', 3 * MINUTE, ['True', 3 * MINUTE]),
      [2 * MINUTE, MINUTE],
      'cpu',
      'counted',
    ],
    ['old, unready, once ready', pod('Running', 10 * MINUTE, ['False', 9 * MINUTE]), [0, 0], 'cpu', 'counted'],
    [
      'old, unready, exactly the delay after its start',
      pod('Running', 10 * MINUTE, ['False', 9 * MINUTE + 50 * SECOND]),
      [0, 0],
      'cpu',
      'counted',
    ],
    ['no metric', pod('Running', 3 * MINUTE), null, 'cpu', 'missing'],
    ['pending', pod('Pending'), null, 'cpu', 'unready'],
    ['pending, whatever the metric', pod('Pending'), [0, MINUTE], null, 'unready'],
    ['deleted', { ...pod('Pending'), deletionTimestamp: 1000 }, [0, 0], 'cpu', 'ignored'],
    ['deleted at time zero', { ...pod('Running'), deletionTimestamp: 0 }, [0, 0], 'cpu', 'ignored'],
    ['failed', pod('Failed'), [0, 0], 'cpu', 'ignored'],
    ['succeeded', pod('Succeeded'), [0, 0], 'cpu', 'ignored'],
    ['a custom metric of an unready pod', pod('Running', 0, ['False', 0]), [0, MINUTE], null, 'counted'],
  ] as const)('%s', (_name, tested, metric, resource, expected) => {
    expect(group(tested, metric, resource)).toBe(expected);
  });
});
