import { describe, expect, it } from 'vitest';
import { DEFAULT_CONTROLLER_SETTINGS, type HpaControllerSettings } from './controller-settings.js';
import type { HpaObservation, ObservedPod, PodPhase } from './hpa-observation.types.js';
import { customPodMetrics, resourceMetrics } from './pod-metrics.js';
import { averageUsageReplicas, utilizationReplicas, type PodCalculationInput } from './replica-calculator.js';

/**
 * Cases of the published behaviour of kubernetes pkg/controller/podautoscaler/replica_calculator.go, read from
 * replica_calculator_test.go: the Test functions named in each `describe` (their older names, one function per case,
 * say the same). Two containers per pod, which both use the given millicores; initialization period 2 min, readiness
 * delay 10 s, as there.
 */
const NOW = Date.UTC(2026, 0, 1);
const SETTINGS: HpaControllerSettings = {
  ...DEFAULT_CONTROLLER_SETTINGS,
  cpuInitializationPeriodMs: 120_000,
  initialReadinessDelayMs: 10_000,
};
const PHASES: Readonly<Record<string, PodPhase>> = { R: 'Running', P: 'Pending', F: 'Failed', S: 'Succeeded' };

interface Fixture {
  readonly replicas: number;
  /** Per pod T or F; default all ready. */
  readonly ready?: string;
  /** Per pod n (started now) or 3 (3 minutes ago); default long ago. */
  readonly started?: string;
  /** Per pod R(unning), P(ending), F(ailed), S(ucceeded). */
  readonly phase?: string;
  /** Per pod d(eleted) or -. */
  readonly deleted?: string;
  /** Millicores per container; default 1000 each. */
  readonly requests?: readonly number[];
  /** Millicores per pod (both containers) or per container. */
  readonly usage: readonly (number | readonly number[])[];
  readonly names?: readonly string[];
  readonly tolerances?: { readonly scaleDown: number; readonly scaleUp: number };
}

function pods(fixture: Fixture, requests?: readonly number[]): ObservedPod[] {
  const count = Math.max(fixture.replicas, fixture.phase?.length ?? 0, fixture.ready?.length ?? 0);
  return Array.from({ length: count }, (_, index): ObservedPod => {
    const start = fixture.started?.[index];
    const startTime = start === 'n' ? NOW : start === '3' ? NOW - 180_000 : 0;
    const request = requests?.[index] ?? (requests ? undefined : 1000);
    const resources: Record<string, number> = request === undefined ? {} : { cpu: request };
    return {
      name: `pod-${index}`,
      phase: PHASES[fixture.phase?.[index] ?? 'R']!,
      startTime,
      ready: { status: fixture.ready?.[index] === 'F' ? 'False' : 'True', lastTransitionTime: startTime },
      deletionTimestamp: fixture.deleted?.[index] === 'd' ? NOW : null,
      containers: ['container1', 'container2'].map((name) => ({ name, requests: resources })),
    };
  });
}

function input(fixture: Fixture, metrics: PodCalculationInput['metrics']): PodCalculationInput {
  const tolerances = fixture.tolerances ?? { scaleDown: 0.1, scaleUp: 0.1 };
  return {
    ...{ currentReplicas: fixture.replicas, pods: pods(fixture, fixture.requests), metrics, tolerances },
    ...{ settings: SETTINGS, now: NOW },
  };
}

function cpu(fixture: Fixture, container: string | null): PodCalculationInput {
  const items = fixture.usage.map((usage, index) => ({
    pod: fixture.names?.[index] ?? `pod-${index}`,
    timestamp: NOW,
    windowMs: 60_000,
    containers: (typeof usage === 'number' ? [usage, usage] : usage).map((milli, at) => ({
      name: `container${at + 1}`,
      usage: { cpu: milli },
    })),
  }));
  return input(fixture, resourceMetrics({ resourceMetrics: items } as unknown as HpaObservation, 'cpu', container));
}

function qps(fixture: Fixture): PodCalculationInput {
  const values = fixture.usage.map((milli, index) => ({ pod: `pod-${index}`, milli: milli as number, timestamp: NOW }));
  return input(fixture, customPodMetrics({ type: 'Pods', values }, 'qps'));
}

type Expected = readonly [replicas: number, utilization: number, averageMilli: number];
type Row = readonly [name: string, fixture: Fixture, target: number, expected: Expected, container?: string];

function check(rows: readonly Row[]): void {
  const named = rows.map(([name, fixture, target, expected, container]) => ({
    name,
    fixture,
    target,
    expected,
    container,
  }));
  it.each(named)('$name', ({ fixture, target, expected: [replicas, utilization, averageMilli], container }) => {
    const proposal = utilizationReplicas(cpu(fixture, container ?? null), 'cpu', container ?? null, target);
    expect(proposal).toEqual({ replicas, utilization, averageMilli });
  });
}

const FIVE = [100, 300, 500, 250, 250];
const FIVE_C2 = FIVE.map((milli) => [1000, milli]);

describe('CPU utilization, scaling up (TestReplicaCalcResourceScale)', () => {
  check([
    ['scale up', { replicas: 3, usage: [300, 500, 700] }, 30, [5, 50, 1000]],
    [
      'container metric',
      {
        replicas: 3,
        usage: [
          [1000, 300],
          [1000, 500],
          [1000, 700],
        ],
      },
      30,
      [5, 50, 500],
      'container2',
    ],
    ['unready pod scales less', { replicas: 3, ready: 'FTT', usage: [300, 500, 700] }, 30, [4, 60, 1200]],
    [
      'hot container scales less',
      {
        replicas: 3,
        started: 'n33',
        usage: [
          [0, 300],
          [0, 500],
          [0, 700],
        ],
      },
      ...([30, [4, 60, 600], 'container2'] as const),
    ],
    ['hot pod scales less', { replicas: 3, started: 'n33', usage: [300, 500, 700] }, 30, [4, 60, 1200]],
    ['unready pods make it no change', { replicas: 3, ready: 'TFF', usage: [400, 500, 700] }, 30, [3, 40, 800]],
    [
      'hot pods make it no change',
      { replicas: 3, ready: 'TFF', started: '3nn', usage: [400, 500, 700] },
      30,
      [3, 40, 800],
    ],
    ['failed pods ignored', { replicas: 2, ready: 'TTFF', phase: 'RRFF', usage: [500, 700] }, 30, [4, 60, 1200]],
    [
      'failed pods without the container metric',
      { replicas: 2, ready: 'TTFF', phase: 'RRFF', usage: [[1000, 500], [9000, 700], [1000], [9000]] },
      ...([30, [4, 60, 600], 'container2'] as const),
    ],
    ['succeeded pods ignored', { replicas: 2, ready: 'TTFF', phase: 'RRSS', usage: [500, 700] }, 30, [4, 60, 1200]],
    [
      'pods being deleted ignored',
      { replicas: 2, ready: 'TTFF', phase: 'RRRR', deleted: '--dd', usage: [500, 700] },
      ...([30, [4, 60, 1200]] as const),
    ],
  ]);
});

describe('CPU utilization, scaling down (TestReplicaCalcResourceScale)', () => {
  check([
    ['scale down', { replicas: 5, usage: FIVE }, 50, [3, 28, 560]],
    ['container metric', { replicas: 5, usage: FIVE_C2 }, 50, [3, 28, 280], 'container2'],
    ['unready pods excluded', { replicas: 5, ready: 'TTTFF', usage: FIVE }, 50, [2, 30, 600]],
    [
      'unready pods excluded, container',
      { replicas: 5, ready: 'TTTFF', usage: FIVE_C2 },
      50,
      [2, 30, 300],
      'container2',
    ],
    ['unscheduled pods excluded', { replicas: 5, ready: 'TFFFF', phase: 'RPPPP', usage: [100] }, 50, [1, 10, 200]],
    [
      'unscheduled pods excluded, container',
      { replicas: 5, ready: 'TFFFF', phase: 'RPPPP', usage: FIVE_C2 },
      ...([50, [1, 10, 100], 'container2'] as const),
    ],
    ['hot pods excluded', { replicas: 5, started: '333nn', usage: FIVE }, 50, [2, 30, 600]],
    ['failed pods ignored', { replicas: 5, ready: 'TTTTTFF', phase: 'RRRRRFF', usage: FIVE }, 50, [3, 28, 560]],
    ['succeeded pods ignored', { replicas: 5, ready: 'TTTTTFF', phase: 'RRRRRSS', usage: FIVE }, 50, [3, 28, 560]],
    [
      'pods being deleted ignored (kubernetes issue 83561)',
      { replicas: 5, ready: 'TTTTTFF', phase: 'RRRRRRR', deleted: '-----dd', usage: FIVE },
      ...([50, [3, 28, 560]] as const),
    ],
  ]);
});

describe('CPU utilization and tolerance (TestReplicaCalcResourceTolerance)', () => {
  const requests = [900, 1000, 1100];
  check([
    ['within 10 %', { replicas: 3, requests, usage: [1010, 1030, 1020] }, 100, [3, 102, 2040]],
    [
      'outside 0 %',
      { replicas: 3, requests, usage: [909, 1010, 1111], tolerances: { scaleDown: 0, scaleUp: 0 } },
      ...([100, [4, 101, 2020]] as const),
    ],
    [
      'within 200 % up',
      { replicas: 3, requests, usage: [1890, 1910, 1900], tolerances: { scaleDown: 0.1, scaleUp: 2 } },
      ...([100, [3, 190, 3800]] as const),
    ],
    [
      'outside 8 % up, whatever the tolerance down',
      { replicas: 3, requests, usage: [1100, 1080, 1090], tolerances: { scaleDown: 2, scaleUp: 0.08 } },
      ...([100, [4, 109, 2180]] as const),
    ],
    [
      'within 36 % down',
      { replicas: 3, requests, usage: [660, 640, 650], tolerances: { scaleDown: 0.36, scaleUp: 0.1 } },
      ...([100, [3, 65, 1300]] as const),
    ],
    [
      'outside 34 % down',
      { replicas: 3, requests, usage: [660, 640, 650], tolerances: { scaleDown: 0.34, scaleUp: 0.1 } },
      ...([100, [2, 65, 1300]] as const),
    ],
  ]);

  // TestReplicaCalcComputedToleranceAlgImplementation: 10 pods at half of their uneven requests.
  const uneven = [400, 200, 310, 290, 302, 298, 301, 299, 300, 300];
  const even = Array.from({ length: 10 }, () => 150);
  check([
    ['just beyond the tolerance, at 56 %', { replicas: 10, requests: uneven, usage: even }, 56, [9, 50, 300]],
    ['just within the tolerance, at 55 %', { replicas: 10, requests: uneven, usage: even }, 55, [10, 50, 300]],
  ]);
});

describe('CPU utilization without some metrics (TestReplicaCalcResourceMissingMetrics)', () => {
  check([
    [
      'metrics of unknown pods left out',
      { replicas: 4, usage: [4000, 9500, 3000, 7000, 3200, 2000] },
      100,
      [24, 587, 11750],
    ],
    ['missing pods keep their share, down', { replicas: 4, usage: [400, 95] }, 100, [3, 24, 495]],
    ['at the target', { replicas: 2, usage: [1000] }, 100, [2, 100, 2000]],
    ['above the target', { replicas: 2, usage: [1900] }, 100, [2, 190, 3800]],
    ['below the target', { replicas: 2, usage: [600] }, 100, [2, 60, 1200]],
    ['unready pod, another missing', { replicas: 3, ready: 'FTT', usage: [100, 450] }, 50, [3, 45, 900]],
    ['hot pod, another missing', { replicas: 3, started: 'n33', usage: [100, 450] }, 50, [3, 45, 900]],
    ['unready pod, another missing, up', { replicas: 3, ready: 'FTT', usage: [100, 2000] }, 50, [4, 200, 4000]],
    [
      'hot unready pod, another missing, up',
      { replicas: 3, ready: 'FTT', started: 'n33', usage: [100, 2000] },
      50,
      [4, 200, 4000],
    ],
    ['unready pod, another missing, down', { replicas: 4, ready: 'FTTT', usage: [100, 100, 100] }, 50, [3, 10, 200]],
    [
      'target above 100 % fills missing pods with it',
      { replicas: 4, ready: 'FTTT', requests: [1000, 1000, 2000, 2000], usage: [200, 100, 100] },
      ...([300, [2, 6, 200]] as const),
    ],
    ['surge pod of a rolling update', { replicas: 2, phase: 'RRR', usage: [100, 100] }, 50, [2, 10, 200]],
  ]);

  it.each([
    [
      'unknown pods only',
      { replicas: 1, usage: [100], names: ['an-older-pod-name'] },
      'no metrics returned matched known pods',
    ],
    [
      'no metrics',
      { replicas: 4, usage: [] },
      'unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    ],
    [
      'no request',
      { replicas: 1, requests: [], usage: [200] },
      'missing request for cpu in container container1 of Pod pod-0',
    ],
    [
      'no ready pod',
      { replicas: 1, ready: 'F', usage: [200] },
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
    ['no pods', { replicas: 0, usage: [200] }, 'no pods returned by selector while calculating replica count'],
  ] as const)('fails with %s', (_name, fixture, message) => {
    expect(() => utilizationReplicas(cpu(fixture, null), 'cpu', null, 100)).toThrow(message);
  });

  it('fails on a container that no pod has', () => {
    const fixture = { replicas: 1, usage: [[100, 100, 100]] };
    const run = () => utilizationReplicas(cpu(fixture, 'container3'), 'cpu', 'container3', 100);
    expect(run).toThrow('container container3 not found in Pod pod-0');
  });
});

// Text of kubernetes.io "Horizontal Pod Autoscaling", Algorithm details, where the upstream cases leave a gap.
describe('CPU utilization, as documented', () => {
  check([
    ['at the target missing pods are left out', { replicas: 2, usage: [500] }, 50, [2, 50, 1000]],
    [
      'unready pods count as idle only when scaling up',
      { replicas: 4, ready: 'TTTF', usage: [480, 480, 480] },
      50,
      [4, 48, 960],
    ],
  ]);
});

describe('a Pods metric (TestReplicaCalcPodMetric)', () => {
  const narrow = { scaleDown: 0.1, scaleUp: 0.01 };
  it.each([
    ['scale up', { replicas: 3, usage: [20_000, 10_000, 30_000] }, 15_000, 4, 20_000],
    [
      'readiness does not count',
      { replicas: 3, ready: 'TTF', started: '33n', usage: [50_000, 10_000, 30_000] },
      15_000,
      6,
      30_000,
    ],
    [
      'nor does it avoid scaling',
      { replicas: 3, ready: 'FTF', started: 'n3n', usage: [50_000, 15_000, 30_000] },
      15_000,
      7,
      31_666,
    ],
    ['scale down', { replicas: 5, usage: [12_000, 12_000, 12_000, 12_000, 12_000] }, 20_000, 3, 12_000],
    ['within the tolerance', { replicas: 3, usage: [20_000, 21_000, 21_000] }, 20_000, 3, 20_666],
    ['outside 1 %', { replicas: 3, usage: [20_000, 21_000, 21_000], tolerances: narrow }, 20_000, 4, 20_666],
    ['missing metrics', { replicas: 5, usage: [20_000, 19_000, 21_000] }, 20_000, 5, 20_000],
    ['surge pod of a rolling update', { replicas: 2, phase: 'RRR', usage: [10_000, 10_000] }, 17_000, 2, 10_000],
  ] as const)('%s', (_name, fixture, target, replicas, usageMilli) => {
    expect(averageUsageReplicas(qps(fixture), null, target)).toEqual({ replicas, usageMilli });
  });
});
