import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../quantity/quantity.js';
import { evaluateHpa } from './evaluate-hpa.js';
import type { HpaObservation, MetricReading, ObservedPod } from './hpa-observation.types.js';
import { initialHpaState, type HpaState } from './hpa-status.types.js';
import type { HorizontalPodAutoscaler, HpaBehavior, MetricSpec, ScalingPolicy } from './hpa.types.js';

const NOW = Date.UTC(2026, 0, 1);
const SYNC = 15_000;
const RUNS = 300;

type Random = () => number;
/** mulberry32: small, seeded, good enough to pick cases. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const int = (random: Random, from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
const pick = <T>(random: Random, from: readonly T[]): T => from[int(random, 0, from.length - 1)]!;

function randomPolicies(random: Random): ScalingPolicy[] {
  return Array.from({ length: int(random, 1, 3) }, () => ({
    type: pick(random, ['Pods', 'Percent'] as const),
    value: int(random, 1, 200),
    periodSeconds: pick(random, [15, 30, 60, 300]),
  }));
}

function randomBehavior(random: Random): HpaBehavior | undefined {
  if (random() < 0.3) return undefined;
  const rules = () => ({
    stabilizationWindowSeconds: pick(random, [undefined, 0, 60, 300]),
    selectPolicy: pick(random, [undefined, 'Max', 'Min', 'Disabled'] as const),
    policies: pick(random, [undefined, randomPolicies(random)]),
    tolerance: pick(random, [undefined, parseQuantity('0'), parseQuantity('0.2')]),
  });
  return { scaleUp: rules(), scaleDown: rules() };
}

function randomMetrics(random: Random): MetricSpec[] {
  const averageValue = parseQuantity(int(random, 1, 50));
  const metric = { name: 'load' };
  const all: MetricSpec[] = [
    {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: int(random, 1, 150) } },
    },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue } } },
    { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue } } },
    { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue } } },
    { type: 'External', external: { metric, target: { type: 'Value', value: averageValue } } },
  ];
  return Array.from({ length: int(random, 1, 3) }, () => pick(random, all));
}

function randomAutoscaler(random: Random): HorizontalPodAutoscaler {
  const minReplicas = int(random, 1, 5);
  const maxReplicas = minReplicas + int(random, 0, 40);
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const spec = {
    scaleTargetRef,
    minReplicas,
    maxReplicas,
    metrics: randomMetrics(random),
    behavior: randomBehavior(random),
  };
  return { metadata: { name: 'web', namespace: 'shop' }, spec };
}

function randomObservation(
  random: Random,
  hpa: HorizontalPodAutoscaler,
  replicas: number,
  now: number,
): HpaObservation {
  const pods = Array.from({ length: replicas + int(random, 0, 2) }, (_, index): ObservedPod => {
    const startTime = now - int(random, 0, 900_000);
    return {
      name: `web-${index}`,
      phase: pick(random, ['Running', 'Running', 'Running', 'Pending', 'Failed']),
      startTime,
      ready: {
        status: pick(random, ['True', 'True', 'False']),
        lastTransitionTime: startTime + int(random, 0, 30_000),
      },
      deletionTimestamp: random() < 0.05 ? now : null,
      containers: [{ name: 'web', requests: { cpu: 1000 } }],
    };
  });
  const measured = pods.filter(() => random() < 0.9);
  const milli = () => pick(random, [0, int(random, 0, 3000), int(random, 0, 300_000)]);
  const resourceMetrics = measured.map(({ name }) => ({
    ...{ pod: name, timestamp: now, windowMs: 30_000 },
    containers: [{ name: 'web', usage: { cpu: milli() } }],
  }));
  const metrics = hpa.spec.metrics!.map((metric): MetricReading | null => {
    if (random() < 0.1) return null;
    if (metric.type === 'Pods')
      return { type: 'Pods', values: measured.map(({ name }) => ({ pod: name, milli: milli(), timestamp: now })) };
    return { type: 'External', milli: [milli() * replicas] };
  });
  return { scale: { specReplicas: replicas, statusReplicas: replicas }, pods, resourceMetrics, metrics };
}

/** Replica counts and evaluations of a random autoscaler under random load. */
function history(seed: number, syncs: number) {
  const random = seeded(seed);
  const hpa = randomAutoscaler(random);
  let state: HpaState = initialHpaState();
  let replicas = int(random, hpa.spec.minReplicas!, hpa.spec.maxReplicas);
  return {
    hpa,
    steps: Array.from({ length: syncs }, (_, tick) => {
      const now = NOW + tick * SYNC;
      const before = replicas;
      const observation = randomObservation(random, hpa, replicas, now);
      const stateBefore = state;
      const evaluation = evaluateHpa(hpa, state, observation, now);
      state = evaluation.state;
      replicas = evaluation.desiredReplicas;
      return { now, before, observation, stateBefore, evaluation };
    }),
  };
}

describe('any autoscaler under any load', () => {
  const seeds = Array.from({ length: RUNS }, (_, seed) => seed);

  it('never leaves its limits, and always answers a whole number', () => {
    for (const seed of seeds) {
      const { hpa, steps } = history(seed, 40);
      for (const { evaluation } of steps) {
        expect(Number.isInteger(evaluation.desiredReplicas)).toBe(true);
        expect(evaluation.desiredReplicas).toBeGreaterThanOrEqual(hpa.spec.minReplicas!);
        expect(evaluation.desiredReplicas).toBeLessThanOrEqual(hpa.spec.maxReplicas);
      }
    }
  });

  it('gives the same answer for the same question, and leaves the state it was given alone', () => {
    for (const seed of seeds.slice(0, 50)) {
      const { hpa, steps } = history(seed, 20);
      for (const { now, observation, stateBefore, evaluation } of steps) {
        const frozen = JSON.parse(JSON.stringify(stateBefore)) as HpaState;
        expect(evaluateHpa(hpa, frozen, observation, now)).toEqual(evaluation);
        expect(frozen).toEqual(JSON.parse(JSON.stringify(stateBefore)));
      }
    }
  });

  it('says that it rescaled exactly when the count changes', () => {
    for (const seed of seeds) {
      for (const { before, evaluation } of history(seed, 20).steps) {
        expect(evaluation.rescaled).toBe(evaluation.desiredReplicas !== before);
        const announced = evaluation.events.some(({ reason }) => reason === 'SuccessfulRescale');
        expect(announced).toBe(evaluation.rescaled);
      }
    }
  });

  it('forgets what no window reaches: the state does not grow with time', () => {
    for (const seed of seeds.slice(0, 20)) {
      const { state } = history(seed, 400).steps.at(-1)!.evaluation;
      expect(state.recommendations!.length).toBeLessThanOrEqual(300_000 / SYNC + 3);
      expect(state.scaleUpEvents.length + state.scaleDownEvents.length).toBeLessThanOrEqual(2 * (300_000 / SYNC + 3));
    }
  });

  it('scales down no faster with a longer window', () => {
    for (const seed of seeds.slice(0, 100)) {
      const random = seeded(seed);
      const loads = Array.from({ length: 60 }, () => int(random, 0, 2000));
      const withWindow = (stabilizationWindowSeconds: number): number[] => {
        const metrics: MetricSpec[] = [
          {
            type: 'External',
            external: {
              metric: { name: 'load' },
              target: { type: 'AverageValue', averageValue: parseQuantity('100m') },
            },
          },
        ];
        const scaleTargetRef = { kind: 'Deployment', name: 'web' };
        const policies: ScalingPolicy[] = [{ type: 'Pods', value: 100, periodSeconds: 15 }];
        const behavior = { scaleUp: { policies }, scaleDown: { stabilizationWindowSeconds, policies } };
        const hpa = {
          metadata: { name: 'web', namespace: 'shop' },
          spec: { scaleTargetRef, maxReplicas: 20, metrics, behavior },
        };
        let state = initialHpaState();
        let replicas = 1;
        return loads.map((milli, tick) => {
          const scale = { specReplicas: replicas, statusReplicas: replicas };
          const evaluation = evaluateHpa(
            hpa,
            state,
            { scale, pods: [], metrics: [{ type: 'External', milli: [milli] }] },
            NOW + tick * SYNC,
          );
          ({ state, desiredReplicas: replicas } = evaluation);
          return replicas;
        });
      };
      const [none, short, long] = [withWindow(0), withWindow(60), withWindow(300)];
      // The tolerance looks at the current count, so single steps may differ by what lies within it: one replica in ten.
      for (const [tick, replicas] of long!.entries()) {
        expect(replicas).toBeGreaterThanOrEqual(Math.floor(short![tick]! * 0.9));
        expect(short![tick]).toBeGreaterThanOrEqual(Math.floor(none![tick]! * 0.9));
      }
    }
  });
});

describe('steady load', () => {
  function steady(replicas: number, utilization: number, target: number, state: HpaState, now: number) {
    const pods = Array.from({ length: replicas }, (_, index): ObservedPod => ({
      ...{ name: `web-${index}`, phase: 'Running', startTime: 0, ready: { status: 'True', lastTransitionTime: 0 } },
      containers: [{ name: 'web', requests: { cpu: 1000 } }],
    }));
    const resourceMetrics = pods.map(({ name }) => ({
      ...{
        pod: name,
        timestamp: now,
        windowMs: 30_000,
        containers: [{ name: 'web', usage: { cpu: utilization * 10 } }],
      },
    }));
    const metrics: MetricSpec[] = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } },
    ];
    const spec = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 1000, metrics };
    const hpa = { metadata: { name: 'web', namespace: 'shop' }, spec };
    return evaluateHpa(
      hpa,
      state,
      { scale: { specReplicas: replicas, statusReplicas: replicas }, pods, resourceMetrics },
      now,
    );
  }

  it('respects the tolerance: nothing happens within 10 %, something does beyond with enough pods', () => {
    for (let utilization = 1; utilization <= 200; utilization += 1) {
      const evaluation = steady(100, utilization, 80, { ...initialHpaState(), recommendations: [] }, NOW);
      const within = utilization >= 72 && utilization <= 88;
      expect(evaluation.rescaled, `${utilization} %`).toBe(!within);
      if (!within) expect(evaluation.desiredReplicas > 100).toBe(utilization > 80);
    }
  });

  it('comes to rest and stays there', () => {
    for (const load of [500, 4321, 17_000, 99_999]) {
      let state = initialHpaState();
      let replicas = 1;
      for (let tick = 0; tick < 80; tick += 1) {
        const utilization = Math.trunc(load / 10 / replicas);
        ({ state, desiredReplicas: replicas } = steady(replicas, utilization, 50, state, NOW + tick * SYNC));
      }
      const rest = replicas;
      for (let tick = 80; tick < 90; tick += 1) {
        const evaluation = steady(rest, Math.trunc(load / 10 / rest), 50, state, NOW + tick * SYNC);
        state = evaluation.state;
        expect(evaluation.desiredReplicas).toBe(rest);
      }
      expect(load / 10 / rest).toBeLessThanOrEqual(56);
    }
  });
});
