import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../quantity/quantity.js';
import { evaluateHpa, type HpaEvaluation } from './evaluate-hpa.js';
import type { HpaObservation, MetricReading, ObservedPod } from './hpa-observation.types.js';
import { initialHpaState, type HpaState } from './hpa-status.types.js';
import type { HorizontalPodAutoscaler, HpaSpec, MetricSpec } from './hpa.types.js';

const NOW = Date.UTC(2026, 0, 1);
const SYNC = 15_000;

function hpa(spec: Partial<HpaSpec>): HorizontalPodAutoscaler {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  return { metadata: { name: 'web', namespace: 'shop' }, spec: { scaleTargetRef, maxReplicas: 10, ...spec } };
}

function cpu(averageUtilization: number): MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function external(name: string, averageValue: string): MetricSpec {
  return {
    type: 'External',
    external: { metric: { name }, target: { type: 'AverageValue', averageValue: parseQuantity(averageValue) } },
  };
}

/** Pods that have long been ready, each with a request of one core and the given millicores in use. */
function observe(
  usage: readonly number[],
  replicas = usage.length,
  metrics?: readonly (MetricReading | null)[],
): HpaObservation {
  const pods = Array.from({ length: replicas }, (_, index): ObservedPod => ({
    name: `web-${index}`,
    phase: 'Running',
    startTime: NOW - 3_600_000,
    ready: { status: 'True', lastTransitionTime: NOW - 3_590_000 },
    containers: [{ name: 'web', requests: { cpu: 1000, memory: 1_073_741_824_000 } }],
  }));
  const resourceMetrics = usage.map((milli, index) => ({
    ...{ pod: `web-${index}`, timestamp: NOW, windowMs: 30_000 },
    containers: [{ name: 'web', usage: { cpu: milli, memory: 1_073_741_824_000 } }],
  }));
  return { scale: { specReplicas: replicas, statusReplicas: replicas }, pods, resourceMetrics, metrics };
}

/** A state past its first sync, whose old recommendations no longer hold anything up. */
const SETTLED: HpaState = { ...initialHpaState(), recommendations: [] };

function reasons({ conditions }: HpaEvaluation): Record<string, string> {
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

describe('documented examples', () => {
  // kubernetes.io "Horizontal Pod Autoscaling", Algorithm details: 200m against 100m doubles, 50m halves, 0.1 tolerance.
  it.each([
    [200, 4, 8],
    [50, 4, 2],
    [110, 4, 4],
    [111, 4, 5],
    [90, 4, 4],
    [89, 4, 4],
    [74, 4, 3],
  ])('%dm per pod against 100m, %d replicas: %d', (usage, replicas, expected) => {
    const target = { type: 'AverageValue', averageValue: parseQuantity('100m') } as const;
    const spec = hpa({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }], maxReplicas: 20 });
    const observation = observe(Array.from({ length: replicas }, () => usage));
    expect(evaluateHpa(spec, SETTLED, observation, NOW).desiredReplicas).toBe(expected);
  });

  // kubernetes.io "HorizontalPodAutoscaler Walkthrough": one pod at 305 % of its request, target 50 %, becomes 7.
  it('follows the walkthrough, the rate limit aside', () => {
    const spec = hpa({ metrics: [cpu(50)], minReplicas: 1, maxReplicas: 10 });
    const first = evaluateHpa(spec, initialHpaState(), observe([3050]), NOW);
    expect(first.desiredReplicas).toBe(4);
    expect(first.currentMetrics).toMatchObject([{ resource: { current: { averageUtilization: 305 } } }]);
    expect(reasons(first).ScalingLimited).toBe('True ScaleUpLimit');
    const second = evaluateHpa(spec, first.state, observe([763, 762, 762, 763]), NOW + SYNC);
    expect(second.desiredReplicas).toBe(7);
  });

  // kubernetes.io "Horizontal Pod Autoscaling", Tolerance: target 100Mi and 5 % up means above 105Mi.
  it.each([
    ['105Mi', 2],
    ['106Mi', 3],
  ])('with a tolerance of 5 %% up, %s per pod asks for %d', (used, expected) => {
    const target = { type: 'AverageValue', averageValue: parseQuantity('100Mi') } as const;
    const behavior = { scaleUp: { tolerance: parseQuantity('0.05') } };
    const spec = hpa({ metrics: [{ type: 'Resource', resource: { name: 'memory', target } }], behavior });
    const base = observe([0, 0]);
    const usage = { memory: parseQuantity(used).milli };
    const resourceMetrics = ['web-0', 'web-1'].map((pod) => ({
      ...{ pod, timestamp: NOW, windowMs: 30_000, containers: [{ name: 'web', usage }] },
    }));
    const evaluation = evaluateHpa(spec, SETTLED, { ...base, resourceMetrics }, NOW);
    expect(evaluation.desiredReplicas).toBe(expected);
    expect(evaluation.currentMetrics).toMatchObject([{ resource: { current: { averageValue: { text: used } } } }]);
  });

  // keda.sh ScaledObject specification, triggers.metricType: 20 messages, 3 replicas, target 5.
  it.each([
    ['AverageValue', 4],
    ['Value', 10],
  ] as const)('20 against %s of 5 with 3 replicas asks for %d', (type, expected) => {
    const quantity = parseQuantity(5);
    const target = type === 'Value' ? { type, value: quantity } : { type, averageValue: quantity };
    const spec = hpa({
      metrics: [{ type: 'External', external: { metric: { name: 'queue' }, target } }],
      behavior: { scaleUp: { policies: [{ type: 'Pods', value: 50, periodSeconds: 15 }] } },
    });
    const observation = observe([0, 0, 0], 3, [{ type: 'External', milli: [20_000] }]);
    // 3 * 20 / 5 = 12 is held at maxReplicas 10.
    expect(evaluateHpa(spec, SETTLED, observation, NOW).desiredReplicas).toBe(expected);
  });
});

describe('cases of horizontal_test.go', () => {
  const failing: MetricReading = { type: 'error', message: 'something went wrong' };

  it.each([
    ['TestScaleUp', { minReplicas: 2, maxReplicas: 6, metrics: [cpu(30)] }, observe([300, 500, 700]), 5],
    ['TestScaleDown', { minReplicas: 2, maxReplicas: 6, metrics: [cpu(50)] }, observe([100, 300, 500, 250, 250]), 3],
    ['TestMinReplicas', { minReplicas: 2, maxReplicas: 5, metrics: [cpu(90)] }, observe([10, 95, 10]), 2],
    ['TestMaxReplicas', { minReplicas: 2, maxReplicas: 5, metrics: [cpu(90)] }, observe([8000, 9500, 1000]), 5],
    ['TestScaleUpRCImmediately', { minReplicas: 2, maxReplicas: 6 }, observe([0]), 2],
    [
      'TestScaleDownRCImmediately',
      { minReplicas: 2, maxReplicas: 5, metrics: [cpu(50)] },
      observe([1, 1, 1, 1, 1, 1]),
      5,
    ],
    [
      'TestScaleUpPerPodCMExternal',
      { maxReplicas: 6, metrics: [external('qps', '2222m')] },
      observe([1, 1, 1], 3, [{ type: 'External', milli: [8600] }]),
      4,
    ],
    [
      'TestScaleUpOneMetricEmpty',
      { minReplicas: 2, maxReplicas: 6, metrics: [cpu(30), external('qps', '100m')] },
      ...([observe([300, 400, 500], 3, [null, failing]), 4] as const),
    ],
    [
      'TestNoScaleDownOneMetricEmpty',
      { minReplicas: 2, maxReplicas: 6, metrics: [cpu(50), external('qps', '1000m')] },
      ...([observe([100, 300, 500, 250, 250], 5, [null, failing]), 5] as const),
    ],
  ] as const)('%s', (_name, spec, observation, expected) => {
    expect(evaluateHpa(hpa(spec), SETTLED, observation, NOW).desiredReplicas).toBe(expected);
  });

  it('TestStabilizeDownscale: holds for five minutes and says so', () => {
    const recommendations = [
      { replicas: 10, at: NOW - 600_000 },
      { replicas: 4, at: NOW - 60_000 },
    ];
    const evaluation = evaluateHpa(
      hpa({ maxReplicas: 5, metrics: [cpu(100)] }),
      { ...SETTLED, recommendations },
      observe([500, 500, 500, 500]),
      NOW,
    );
    expect(evaluation.desiredReplicas).toBe(4);
    expect(reasons(evaluation)).toEqual({
      AbleToScale: 'True ScaleDownStabilized',
      ScalingActive: 'True ValidMetricFound',
      ScalingLimited: 'False DesiredWithinRange',
    });
  });

  it('an unknown metric type counts as failed (TestNoScaleDownOneMetricInvalid)', () => {
    const metrics = [cpu(50), { type: 'CheddarCheese' } as unknown as MetricSpec];
    const evaluation = evaluateHpa(hpa({ metrics }), SETTLED, observe([100, 300, 500, 250, 250]), NOW);
    expect(evaluation.desiredReplicas).toBe(5);
    expect(reasons(evaluation).ScalingActive).toBe('False InvalidMetricSourceType');
    expect(evaluation.events.map(({ reason }) => reason)).toEqual([
      'InvalidMetricSourceType',
      'FailedComputeMetricsReplicas',
    ]);
  });
});

describe('zero replicas', () => {
  it('disables scaling when the minimum is not zero', () => {
    const evaluation = evaluateHpa(hpa({ metrics: [cpu(50)] }), initialHpaState(), observe([]), NOW);
    expect(evaluation.desiredReplicas).toBe(0);
    expect(evaluation.rescaled).toBe(false);
    expect(reasons(evaluation).ScalingActive).toBe('False ScalingDisabled');
  });

  it('scales from and to zero with an external metric and minReplicas 0', () => {
    const spec = hpa({ minReplicas: 0, metrics: [external('queue', '10')] });
    const up = evaluateHpa(spec, SETTLED, observe([], 0, [{ type: 'External', milli: [15_000] }]), NOW);
    expect(up.desiredReplicas).toBe(2);
    const down = evaluateHpa(spec, SETTLED, observe([1, 1], 2, [{ type: 'External', milli: [0] }]), NOW);
    expect(down.desiredReplicas).toBe(0);
  });

  it('never goes below zero for a negative metric', () => {
    const spec = hpa({ minReplicas: 0, metrics: [external('queue', '10')] });
    const evaluation = evaluateHpa(spec, SETTLED, observe([1], 1, [{ type: 'External', milli: [-50_000] }]), NOW);
    expect(evaluation.desiredReplicas).toBe(0);
  });
});

describe('what it tells', () => {
  it('names the failure in the condition and the events, and keeps the replicas', () => {
    const evaluation = evaluateHpa(
      hpa({ metrics: [cpu(50)] }),
      initialHpaState(),
      { ...observe([1, 1]), resourceMetrics: null },
      NOW,
    );
    expect(evaluation.desiredReplicas).toBe(2);
    expect(evaluation.conditions.find(({ type }) => type === 'ScalingActive')).toEqual({
      type: 'ScalingActive',
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message:
        'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
      lastTransitionTime: NOW,
    });
    expect(evaluation.events).toEqual([
      {
        at: NOW,
        type: 'Warning',
        reason: 'FailedGetResourceMetric',
        message:
          'failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
      },
      {
        at: NOW,
        type: 'Warning',
        reason: 'FailedComputeMetricsReplicas',
        message:
          'invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
      },
    ]);
  });

  it('announces a change with its reason and time', () => {
    const evaluation = evaluateHpa(hpa({ metrics: [cpu(30)] }), initialHpaState(), observe([300, 500, 700]), NOW);
    expect(evaluation.events).toEqual([
      {
        at: NOW,
        type: 'Normal',
        reason: 'SuccessfulRescale',
        message: 'New size: 5; reason: cpu resource utilization (percentage of request) above target',
      },
    ]);
    expect(evaluation.state.status).toMatchObject({ currentReplicas: 3, desiredReplicas: 5, lastScaleTime: NOW });
    expect(reasons(evaluation).AbleToScale).toBe('True SucceededRescale');
  });

  it('moves a transition time only with the status', () => {
    const spec = hpa({ metrics: [cpu(50)] });
    const first = evaluateHpa(spec, initialHpaState(), observe([500, 500]), NOW);
    const second = evaluateHpa(spec, first.state, observe([500, 500]), NOW + SYNC);
    expect(second.conditions).toEqual(first.conditions);
    const third = evaluateHpa(spec, second.state, { ...observe([500, 500]), resourceMetrics: null }, NOW + 2 * SYNC);
    expect(third.conditions.find(({ type }) => type === 'ScalingActive')?.lastTransitionTime).toBe(NOW + 2 * SYNC);
    expect(third.state.status.desiredReplicas).toBe(2);
  });

  it('reports a target that is not there, and two autoscalers on the same pods', () => {
    const lost = evaluateHpa(hpa({}), initialHpaState(), { scale: null, pods: [] }, NOW);
    expect(reasons(lost)).toEqual({ AbleToScale: 'False FailedGetScale' });
    const twice = evaluateHpa(
      hpa({ metrics: [cpu(10)] }),
      initialHpaState(),
      { ...observe([900, 900]), alsoControlledBy: ['keda-hpa-web'] },
      NOW,
    );
    expect(twice.desiredReplicas).toBe(2);
    expect(reasons(twice).ScalingActive).toBe('False AmbiguousSelector');
  });

  it('reports every kind of metric', () => {
    const metric = { name: 'rps', selector: { matchLabels: { verb: 'GET' } } };
    const described = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' };
    const value = parseQuantity('2k');
    const each = { type: 'AverageValue', averageValue: parseQuantity(10) } as const;
    const metrics: MetricSpec[] = [
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'web', target: { type: 'Utilization', averageUtilization: 50 } },
      },
      { type: 'Pods', pods: { metric, target: each } },
      { type: 'Object', object: { metric, describedObject: described, target: { type: 'Value', value } } },
      { type: 'Object', object: { metric, describedObject: described, target: each } },
      { type: 'External', external: { metric, target: { type: 'Value', value } } },
    ];
    const readings: MetricReading[] = [
      {
        type: 'Pods',
        values: [
          { pod: 'web-0', milli: 12_000, timestamp: NOW },
          { pod: 'web-1', milli: 9000, timestamp: NOW },
        ],
      },
      { type: 'Object', milli: 2_000_000 },
      { type: 'Object', milli: 21_000 },
      { type: 'External', milli: [1_900_000] },
    ];
    const evaluation = evaluateHpa(hpa({ metrics }), SETTLED, observe([500, 500], 2, [null, ...readings]), NOW);
    expect(evaluation.currentMetrics).toMatchObject([
      { type: 'ContainerResource', containerResource: { container: 'web', current: { averageUtilization: 50 } } },
      { type: 'Pods', pods: { metric, current: { averageValue: { text: '10500m' } } } },
      { type: 'Object', object: { describedObject: described, current: { value: { text: '2k' } } } },
      { type: 'Object', object: { current: { averageValue: { text: '10500m' } } } },
      { type: 'External', external: { current: { value: { text: '1900' } } } },
    ]);
    expect(evaluation.desiredReplicas).toBe(2);
  });
});

describe('behavior over time', () => {
  it('adds at most 4 pods or 100 % every 15 s by default', () => {
    const spec = hpa({ metrics: [cpu(10)], behavior: {}, maxReplicas: 100 });
    let state = initialHpaState();
    let replicas = 1;
    const steps = [replicas];
    for (let tick = 0; tick < 5; tick += 1) {
      const evaluation = evaluateHpa(
        spec,
        state,
        observe(Array.from({ length: replicas }, () => 1000)),
        NOW + tick * SYNC,
      );
      ({ state, desiredReplicas: replicas } = evaluation);
      steps.push(replicas);
    }
    expect(steps).toEqual([1, 5, 10, 20, 40, 80]);
  });

  it('never scales in a direction that is disabled', () => {
    const behavior = { scaleDown: { selectPolicy: 'Disabled' } } as const;
    const evaluation = evaluateHpa(hpa({ metrics: [cpu(50)], behavior }), SETTLED, observe([1, 1, 1]), NOW);
    expect(evaluation.desiredReplicas).toBe(3);
    expect(reasons(evaluation).ScalingLimited).toBe('True ScaleDownLimit');
  });

  it('scales down only when the load stayed low for the whole window', () => {
    const spec = hpa({ metrics: [cpu(50)] });
    let state = initialHpaState();
    let downAt = -1;
    for (let tick = 0; tick <= 30 && downAt < 0; tick += 1) {
      const evaluation = evaluateHpa(spec, state, observe([100, 100, 100, 100]), NOW + tick * SYNC);
      state = evaluation.state;
      if (evaluation.rescaled) downAt = tick * SYNC;
    }
    expect(downAt).toBe(315_000);
  });
});
