import { describe, expect, it } from 'vitest';
import { parseHorizontalPodAutoscaler } from '../../../scaling/hpa/parse-hpa.js';
import { parseScaledObject } from '../../../scaling/keda/parse-scaled-object.js';
import type { AutoscalerSpec, SignalBindings } from '../../../scenario/scenario.types.js';
import { runPlatform, type PlatformRun } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureOperation,
  fixtureQueue,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';

function hpa(metrics: unknown[], signals: SignalBindings = {}, name = 'app'): AutoscalerSpec {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' };
  const object = parseHorizontalPodAutoscaler({
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name } },
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 10, metrics },
  });
  return { kind: 'hpa', service: 'app', clusters: ['eu-1'], object, signals };
}

function keda(triggers: unknown[], signals: SignalBindings, spec: object = {}): AutoscalerSpec {
  const object = parseScaledObject({
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'app' } },
    spec: { scaleTargetRef: { name: 'app' }, cooldownPeriod: 60, minReplicaCount: 0, triggers, ...spec },
  });
  return { kind: 'keda', service: 'app', clusters: ['eu-1'], object, signals };
}

function fleet(autoscalers: AutoscalerSpec[], replicas = 4): PlatformRun {
  const app = fixtureService({ name: 'app', replicas, operations: [fixtureOperation({ name: 'get' })] });
  const base = { load: [], slos: [], stores: [fixtureQueue()] };
  return runPlatform({ ...fixtureScenario(), ...base, services: [app], autoscalers });
}

const CPU = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }];
const replicasOf = (run: PlatformRun) => run.state.platform.deployments[0]!.replicas;
const autoscalerOf = (run: PlatformRun) => run.state.platform.deployments[0]!.autoscalers[0]!;

describe('an HPA on CPU', () => {
  it('answers a step of load by ceil(replicas x ratio), when metrics-server has seen it', () => {
    const run = fleet([hpa(CPU)]);
    // Requests of half a core: 250 m and 10 m of idling are 52 %, within the tolerance of 50 %.
    run.until(61, () => run.serve('app', { cpu: 1 }));
    expect(replicasOf(run)).toBe(4);
    // 375 m and 10 m are 77 %: ceil(4 x 77 / 50) = 7. The window that ends at 75 is served to the sync at 90.
    run.until(90, () => run.serve('app', { cpu: 1.5 }));
    expect(replicasOf(run)).toBe(4);
    run.steps(1, () => run.serve('app', { cpu: 1.5 }));
    expect(replicasOf(run)).toBe(7);
    const rescale = run.state.platform.events.find(({ reason }) => reason === 'SuccessfulRescale');
    expect(rescale).toMatchObject({
      time: 90,
      object: { kind: 'HorizontalPodAutoscaler', name: 'app' },
      message: 'New size: 7; reason: cpu resource utilization (percentage of request) above target',
    });
    expect(autoscalerOf(run)).toMatchObject({
      minReplicas: 2,
      maxReplicas: 10,
      desiredReplicas: 7,
      currentReplicas: 4,
      currentMetrics: [{ name: 'cpu', value: 77, target: 50, unit: 'utilization' }],
    });
    run.steps(14, () => run.serve('app', { cpu: 1.5 }));
    expect(run.pods('app').filter(({ ready }) => ready)).toHaveLength(7);
    // 214 m and 10 m are 44 %: ceil(7 x 44 / 50) = 7 rests.
    run.steps(200, () => run.serve('app', { cpu: 1.5 }));
    expect(replicasOf(run)).toBe(7);
  });

  it('waits out the stabilization window before it scales in', () => {
    const run = fleet([hpa(CPU)]);
    run.until(300, () => run.serve('app', { cpu: 1 }));
    const seen: number[] = [];
    run.until(900, (step) => {
      seen[step] = replicasOf(run);
    });
    // Idle since 300: first seen at 330; the last sync that recommended four, at 315, is forgotten after 300 s.
    expect(seen.slice(301, 616)).toEqual(new Array(315).fill(4));
    expect(seen[899]).toBe(2);
  });

  it('is ambiguous when two of them have one target, and then does nothing', () => {
    const run = fleet([hpa(CPU), hpa(CPU, {}, 'other')]);
    run.until(200, () => run.serve('app', { cpu: 3 }));
    expect(replicasOf(run)).toBe(4);
    expect(autoscalerOf(run).conditions).toContainEqual({
      type: 'ScalingActive',
      status: 'False',
      reason: 'AmbiguousSelector',
    });
  });
});

describe('an HPA on other metrics', () => {
  const perPod = (name: string, value: string) => ({
    type: 'Pods',
    pods: { metric: { name }, target: { type: 'AverageValue', averageValue: value } },
  });

  it('reads the bound signal: requests per second over the last minute and pod', () => {
    const bound = { rps: { signal: 'request-rate-per-pod', service: 'app' } } as const;
    const run = fleet([hpa([perPod('rps', '10')], bound)]);
    run.until(121, () => run.serve('app', { requests: 60 }));
    // 60 a second over 4 pods are 15 against 10.
    expect(replicasOf(run)).toBe(6);
    expect(autoscalerOf(run).currentMetrics).toEqual([{ name: 'rps', value: 10, target: 10, unit: 'average' }]);
  });

  it('knows nothing of a metric without a binding, which is not zero', () => {
    const run = fleet([hpa([perPod('rps', '10')])]);
    run.until(400);
    expect(replicasOf(run)).toBe(4);
    expect(autoscalerOf(run).conditions).toContainEqual({
      type: 'ScalingActive',
      status: 'False',
      reason: 'FailedGetPodsMetric',
    });
    const warnings = run.state.platform.events.filter(({ reason }) => reason === 'FailedGetPodsMetric');
    expect(warnings).toHaveLength(2);
  });
});

describe('KEDA', () => {
  const lag = { type: 'prometheus', metadata: { serverAddress: 'http://p', query: 'lag', threshold: '10' } };
  const setLag = (run: PlatformRun, waiting: number) => {
    const queue = run.fleet.components.find(({ name }) => name === 'orders')!;
    run.state.stores.queues[queue.index] = {
      ...{ published: 0, consumed: 0 },
      ...{ lag: Float64Array.of(waiting, 0), partitionShare: Float64Array.of(1, 0) },
    };
  };

  it('goes to zero after the cooldown, back with the next message, and up by lag', () => {
    const run = fleet([keda([lag], { lag: { signal: 'consumer-lag', queue: 'orders' } })], 2);
    setLag(run, 0);
    // Polls at 30, 60 and 90; the cooldown of 60 s is over after 60.
    run.until(90);
    expect(replicasOf(run)).toBe(2);
    run.steps(1);
    expect(replicasOf(run)).toBe(0);
    expect(run.reasons()).toContain('KEDAScaleTargetDeactivated');
    setLag(run, 45);
    run.until(120);
    expect(replicasOf(run)).toBe(0);
    // Active: one replica, and the autoscaler may add up to four; the fifth (45 / 10) comes with the next sync.
    run.steps(1);
    expect(replicasOf(run)).toBe(4);
    run.until(136);
    expect(replicasOf(run)).toBe(5);
    const [event] = run.state.platform.events.filter(({ reason }) => reason === 'KEDAScaleTargetActivated');
    expect(event).toMatchObject({ time: 120, object: { kind: 'ScaledObject', name: 'app' } });
    expect(autoscalerOf(run)).toMatchObject({ name: 'keda-hpa-app', minReplicas: 1, desiredReplicas: 5 });
  });

  it('follows a cron trigger by event time', () => {
    const metadata = { timezone: 'UTC', start: '10 0 * * *', end: '20 0 * * *', desiredReplicas: '5' };
    const run = fleet([keda([{ type: 'cron', metadata }], {})], 2);
    const seen: number[] = [];
    run.until(1500, (step) => {
      seen[step] = replicasOf(run);
    });
    expect([seen[599], seen[600]]).toEqual([0, 0]);
    expect([seen[601], seen[616]]).toEqual([4, 5]);
    // Over at 1200; last active at the poll at 1170, so the poll at 1260 is the first after the cooldown.
    expect([seen[1260], seen[1261]]).toEqual([5, 0]);
  });
});
