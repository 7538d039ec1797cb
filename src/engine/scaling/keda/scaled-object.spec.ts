import { describe, expect, it } from 'vitest';
import type { ObservedPod } from '../hpa/hpa-observation.types.js';
import { parseScaledObject } from './parse-scaled-object.js';
import { pollScaledObject } from './poll-scaled-object.js';
import {
  initialScaledObjectState,
  type ScaledObjectObservation,
  type ScaledObjectState,
  type TriggerReading,
} from './scaled-object-state.types.js';
import type { ScaledObject } from './scaled-object.types.js';
import { syncScaledObject } from './sync-scaled-object.js';

/** Rows follow keda pkg/scaling/executor/scale_scaledobjects.go, pkg/fallback/fallback.go and keda.sh, as each says. */
const NOW = Date.parse('2026-01-01T12:00:00Z');
const POLL = 30_000;
const SYNC = 15_000;
const NAMELESS = { serverAddress: 'http://prometheus:9090', query: 'q' };
const prometheus = (metadata: Record<string, string> = {}, rest: Record<string, unknown> = {}) => ({
  ...{ type: 'prometheus', metadata: { ...NAMELESS, threshold: '10', ...metadata }, ...rest },
});

function scaledObject(spec: Record<string, unknown>, annotations: Record<string, string> = {}): ScaledObject {
  return parseScaledObject({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'shop', annotations },
    spec: { scaleTargetRef: { name: 'web' }, triggers: [prometheus()], ...spec },
  });
}

function observe(replicas: number, ...values: (number | null | 'error')[]): ScaledObjectObservation {
  const pods = Array.from({ length: replicas }, (_, index): ObservedPod => ({
    ...{ name: `web-${index}`, phase: 'Running', startTime: 0, ready: { status: 'True', lastTransitionTime: 0 } },
    containers: [{ name: 'web', requests: { cpu: 1000 } }],
  }));
  const resourceMetrics = pods.map(({ name }) => ({
    ...{ pod: name, timestamp: NOW, windowMs: 30_000, containers: [{ name: 'web', usage: { cpu: 500 } }] },
  }));
  const triggers = values.map((value): TriggerReading =>
    value === 'error' ? { type: 'error', message: 'down' } : { type: 'value', value },
  );
  return { scale: { specReplicas: replicas, statusReplicas: replicas }, pods, resourceMetrics, triggers };
}

const fresh = (): ScaledObjectState => initialScaledObjectState(NOW - 3_600_000);
const settled = (): ScaledObjectState => ({ ...fresh(), hpa: { ...fresh().hpa, recommendations: [] } });
const reasonOf = (state: ScaledObjectState, type: string): string | undefined =>
  state.conditions.find((each) => each.type === type)?.reason;

describe('activation (keda.sh, "Activating and Scaling thresholds")', () => {
  it.each([
    ['above the default of 0', {}, 1, 1, true],
    ['at the default of 0', {}, 0, 0, false],
    ['at the threshold', { activationThreshold: '50' }, 50, 0, false],
    ['above the threshold', { activationThreshold: '50' }, 50.5, 1, true],
    [
      '40 with threshold 10 and activation 50: inactive, whatever the autoscaler wants',
      { threshold: '10', activationThreshold: '50' },
      40,
      0,
      false,
    ],
    ['an empty answer is 0', {}, null, 0, false],
    ['a negative threshold', { activationThreshold: '-5' }, 0, 1, true],
  ])('%s', (_name, metadata, value, replicas, active) => {
    const poll = pollScaledObject(scaledObject({ triggers: [prometheus(metadata)] }), fresh(), observe(0, value), NOW);
    expect(poll).toMatchObject({ desiredReplicas: replicas, active });
    expect(poll.state.lastActiveTime).toBe(active ? NOW : null);
    expect(reasonOf(poll.state, 'Active')).toBe(active ? 'ScalerActive' : 'ScalerNotActive');
  });

  it('goes to the minimum at once and names the triggers', () => {
    const object = scaledObject({
      minReplicaCount: 3,
      idleReplicaCount: 0,
      triggers: [prometheus({}, { name: 'load' }), prometheus()],
    });
    const poll = pollScaledObject(object, fresh(), observe(0, 5, 0), NOW);
    expect(poll.desiredReplicas).toBe(3);
    expect(poll.events).toEqual([
      {
        at: NOW,
        type: 'Normal',
        reason: 'KEDAScaleTargetActivated',
        message: 'Scaled Deployment default/web from 0 to 3, triggered by load',
      },
    ]);
  });

  it('is always active with cpu and memory alone', () => {
    const object = scaledObject({
      minReplicaCount: 1,
      triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } }],
    });
    expect(pollScaledObject(object, fresh(), observe(1), NOW).active).toBe(true);
  });

  it('restores the minimum that someone took away', () => {
    expect(pollScaledObject(scaledObject({ minReplicaCount: 4 }), fresh(), observe(2, 0), NOW).desiredReplicas).toBe(4);
  });
});

describe('cooling down (RequestScale, scaleToZeroOrIdle)', () => {
  it('goes to zero once the last activity is longer ago than cooldownPeriod', () => {
    const object = scaledObject({ cooldownPeriod: 300 });
    let state = pollScaledObject(object, fresh(), observe(2, 5), NOW).state;
    let downAt = -1;
    for (let now = NOW + POLL; downAt < 0 && now < NOW + 600_000; now += POLL) {
      const poll = pollScaledObject(object, state, observe(2, 0), now);
      state = poll.state;
      if (poll.desiredReplicas === 0) downAt = now - NOW;
      else expect(reasonOf(state, 'Active')).toBe('ScalerCooldown');
    }
    // Exactly 300 s is not longer.
    expect(downAt).toBe(330_000);
    expect(reasonOf(state, 'Active')).toBe('ScalerNotActive');
  });

  it('goes to zero at once when it never was active, after initialCooldownPeriod', () => {
    const object = scaledObject({ initialCooldownPeriod: 120 });
    const state = initialScaledObjectState(NOW);
    expect(pollScaledObject(object, state, observe(2, 0), NOW + 120_000).desiredReplicas).toBe(2);
    expect(pollScaledObject(object, state, observe(2, 0), NOW + 120_001).desiredReplicas).toBe(0);
    expect(pollScaledObject(scaledObject({}), state, observe(2, 0), NOW + 1).desiredReplicas).toBe(0);
  });

  it('leaves a minimum to the autoscaler, and goes from it to idle', () => {
    expect(pollScaledObject(scaledObject({ minReplicaCount: 2 }), fresh(), observe(5, 0), NOW).desiredReplicas).toBe(5);
    expect(
      pollScaledObject(scaledObject({ minReplicaCount: 2, idleReplicaCount: 0 }), fresh(), observe(5, 0), NOW)
        .desiredReplicas,
    ).toBe(0);
  });

  it('never scales in on what it does not know', () => {
    const poll = pollScaledObject(scaledObject({}), fresh(), observe(3, 'error'), NOW);
    expect(poll.desiredReplicas).toBe(3);
    expect(reasonOf(poll.state, 'Ready')).toBe('TriggerError');
    const partial = pollScaledObject(
      scaledObject({ triggers: [prometheus(), prometheus()] }),
      fresh(),
      observe(3, 'error', 5),
      NOW,
    );
    expect(partial.desiredReplicas).toBe(3);
    expect(partial.state.lastActiveTime).toBeNull();
    expect(reasonOf(partial.state, 'Ready')).toBe('PartialTriggerError');
    const withFallback = scaledObject({ fallback: { failureThreshold: 3, replicas: 6 } });
    expect(pollScaledObject(withFallback, fresh(), observe(3, 'error'), NOW).desiredReplicas).toBe(3);
    const strict = scaledObject({ triggers: [prometheus({ ignoreNullValues: 'false' })] });
    expect(pollScaledObject(strict, fresh(), observe(3, null), NOW).desiredReplicas).toBe(3);
  });
});

describe('the autoscaler in between', () => {
  // keda.sh ScaledObject specification, triggers.metricType.
  it.each([
    ['AverageValue', 4],
    ['Value', 12],
  ])('20 messages against %s of 5 with 3 replicas asks for %d', (metricType, expected) => {
    const behavior = { scaleUp: { policies: [{ type: 'Pods', value: 100, periodSeconds: 15 }] } };
    const advanced = { horizontalPodAutoscalerConfig: { behavior } };
    const object = scaledObject({ advanced, triggers: [prometheus({ threshold: '5' }, { metricType })] });
    expect(syncScaledObject(object, settled(), observe(3, 20), NOW).desiredReplicas).toBe(expected);
  });

  it('never goes below one, nor wakes what is at zero', () => {
    expect(syncScaledObject(scaledObject({}), settled(), observe(3, 0), NOW).desiredReplicas).toBe(1);
    const asleep = syncScaledObject(scaledObject({}), settled(), observe(0, 100), NOW);
    expect(asleep.desiredReplicas).toBe(0);
    expect(asleep.conditions.find(({ type }) => type === 'ScalingActive')?.reason).toBe('ScalingDisabled');
  });

  it('takes the largest of its triggers', () => {
    const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '25' } };
    expect(
      syncScaledObject(scaledObject({ triggers: [prometheus(), cpu] }), settled(), observe(2, 30), NOW).desiredReplicas,
    ).toBe(4);
    expect(
      syncScaledObject(scaledObject({ triggers: [prometheus(), cpu] }), settled(), observe(2, 39), NOW).desiredReplicas,
    ).toBe(4);
    expect(
      syncScaledObject(scaledObject({ triggers: [cpu, prometheus()] }), settled(), observe(3, 0, 55), NOW)
        .desiredReplicas,
    ).toBe(6);
  });

  it('follows a cron window (keda.sh, Cron: 6 AM to 8 PM in Kolkata)', () => {
    const metadata = { timezone: 'Asia/Kolkata', start: '0 6 * * *', end: '0 20 * * *', desiredReplicas: '10' };
    const object = scaledObject({ triggers: [{ type: 'cron', metadata }] });
    let state = initialScaledObjectState(Date.parse('2026-01-01T00:00:00Z'));
    let replicas = 0;
    const seen: Record<string, number> = {};
    for (let now = Date.parse('2026-01-01T00:00:00Z'); now <= Date.parse('2026-01-01T15:00:00Z'); now += SYNC) {
      if (now % POLL === 0)
        ({ state, desiredReplicas: replicas } = pollScaledObject(object, state, observe(replicas), now));
      ({ state, desiredReplicas: replicas } = syncScaledObject(object, state, observe(replicas), now));
      seen[new Date(now).toISOString().slice(11, 19)] = replicas;
    }
    expect([seen['00:29:45'], seen['00:31:00'], seen['12:00:00'], seen['14:29:45']]).toEqual([0, 10, 10, 10]);
    // Zero comes with the cooldown after the last active poll, at 14:29:30, before the autoscaler's own window is over.
    expect([seen['14:34:15'], seen['14:35:00'], seen['15:00:00']]).toEqual([10, 0, 0]);
  });

  it('reads the last poll where it shall use cached metrics', () => {
    const object = scaledObject({ triggers: [prometheus({}, { useCachedMetrics: true })] });
    const polled = { ...pollScaledObject(object, settled(), observe(2, 40), NOW).state };
    expect(syncScaledObject(object, polled, observe(2, 999), NOW + SYNC).desiredReplicas).toBe(4);
  });
});

describe('fallback (GetMetricsWithFallback)', () => {
  function fails(
    fallback: Record<string, unknown>,
    replicas: number,
    times: number,
    rest: Record<string, unknown> = {},
  ) {
    const object = scaledObject({
      fallback: { failureThreshold: 3, replicas: 6, ...fallback },
      minReplicaCount: 1,
      ...rest,
    });
    let state = settled();
    const counts: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const sync = syncScaledObject(object, state, observe(replicas, 'error'), NOW + index * SYNC);
      state = sync.state;
      counts.push(sync.desiredReplicas);
    }
    return { counts, state };
  }

  it('suffers three failures and falls back with the fourth', () => {
    const { counts, state } = fails({}, 4, 4);
    expect(counts).toEqual([4, 4, 4, 6]);
    expect(reasonOf(state, 'Fallback')).toBe('FallbackExists');
    expect(state.health).toEqual({ 's0-prometheus': { numberOfFailures: 4, status: 'Failing' } });
  });

  it.each([
    ['static', 8, 6],
    ['currentReplicas', 8, 8],
    ['currentReplicasIfHigher', 8, 8],
    ['currentReplicasIfHigher', 3, 6],
    ['currentReplicasIfLower', 8, 6],
    ['currentReplicasIfLower', 3, 3],
  ])('%s from %d replicas: %d', (behavior, replicas, expected) => {
    const advanced = { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } } };
    expect(fails({ behavior }, replicas, 4, { advanced }).counts.at(-1)).toBe(expected);
  });

  it('divides by the ready pods for a Value target', () => {
    expect(fails({}, 4, 4, { triggers: [prometheus({}, { metricType: 'Value' })] }).counts.at(-1)).toBe(6);
  });

  it('forgets failures with the first answer', () => {
    const { state } = fails({}, 4, 4);
    const object = scaledObject({ fallback: { failureThreshold: 3, replicas: 6 }, minReplicaCount: 1 });
    const sync = syncScaledObject(object, state, observe(4, 40), NOW + 10 * SYNC);
    expect(sync.state.health).toEqual({ 's0-prometheus': { numberOfFailures: 0, status: 'Happy' } });
    expect(reasonOf(sync.state, 'Fallback')).toBe('NoFallbackFound');
  });

  it('without one, the autoscaler stands still and says why', () => {
    const sync = syncScaledObject(scaledObject({}), settled(), observe(4, 'error'), NOW);
    expect(sync.desiredReplicas).toBe(4);
    expect(sync.conditions.find(({ type }) => type === 'ScalingActive')?.message).toContain(
      'metric:s0-prometheus encountered error: down',
    );
  });
});

describe('scaling modifiers (keda.sh, "Scaling Modifiers")', () => {
  const modified = (scalingModifiers: Record<string, string>, rest: Record<string, unknown> = {}) =>
    scaledObject({
      advanced: { scalingModifiers: { formula: '(one + two)/2', target: '2', ...scalingModifiers } },
      triggers: [prometheus({}, { name: 'one' }), prometheus({}, { name: 'two' })],
      ...rest,
    });

  it('scales on the formula alone', () => {
    const sync = syncScaledObject(modified({}), settled(), observe(3, 6, 10), NOW);
    expect(sync.desiredReplicas).toBe(4);
    expect(sync.currentMetrics).toMatchObject([{ external: { metric: { name: 'composite-metric' } } }]);
  });

  it('activates above activationTarget only', () => {
    const object = modified({ activationTarget: '2' });
    expect(pollScaledObject(object, fresh(), observe(0, 2, 2), NOW).active).toBe(false);
    expect(pollScaledObject(object, fresh(), observe(0, 2, 2.1), NOW)).toMatchObject({
      active: true,
      activeTriggers: ['ModifiersTrigger'],
    });
    expect(pollScaledObject(object, fresh(), observe(0, 'error', 50), NOW).active).toBe(false);
  });

  it('leaves the formula alone while falling back', () => {
    const object = modified({}, { fallback: { failureThreshold: 0, replicas: 5 } });
    expect(syncScaledObject(object, settled(), observe(3, 'error', 1000), NOW).desiredReplicas).toBe(5);
  });

  it('takes no number for a failure', () => {
    const object = modified({ formula: 'one / two' });
    expect(syncScaledObject(object, settled(), observe(3, 6, 0), NOW).desiredReplicas).toBe(3);
    expect(pollScaledObject(object, fresh(), observe(3, 6, 0), NOW).desiredReplicas).toBe(3);
  });
});

describe('pausing (keda.sh, "Pausing autoscaling")', () => {
  const PREFIX = 'autoscaling.keda.sh/';
  it('holds the count, or takes the one that is given', () => {
    const held = scaledObject({}, { [`${PREFIX}paused`]: 'true' });
    expect(pollScaledObject(held, fresh(), observe(3, 0), NOW).desiredReplicas).toBe(3);
    expect(syncScaledObject(held, fresh(), observe(3, 999), NOW).desiredReplicas).toBe(3);
    const zero = scaledObject({}, { [`${PREFIX}paused-replicas`]: '0' });
    expect(pollScaledObject(zero, fresh(), observe(3, 50), NOW).desiredReplicas).toBe(0);
    const off = scaledObject({}, { [`${PREFIX}paused`]: 'false' });
    expect(pollScaledObject(off, fresh(), observe(3, 0), NOW).desiredReplicas).toBe(0);
  });

  it('holds one direction', () => {
    const noIn = scaledObject({}, { [`${PREFIX}paused-scale-in`]: 'true' });
    expect(pollScaledObject(noIn, fresh(), observe(3, 0), NOW).desiredReplicas).toBe(3);
    expect(syncScaledObject(noIn, settled(), observe(3, 1), NOW).desiredReplicas).toBe(3);
    expect(syncScaledObject(noIn, settled(), observe(3, 50), NOW).desiredReplicas).toBe(5);
    const noOut = scaledObject({}, { [`${PREFIX}paused-scale-out`]: 'true' });
    expect(pollScaledObject(noOut, fresh(), observe(0, 50), NOW).desiredReplicas).toBe(0);
    expect(syncScaledObject(noOut, settled(), observe(3, 50), NOW).desiredReplicas).toBe(3);
  });
});

describe('properties', () => {
  it('stays within its limits, whole, deterministic and serialisable under random load', () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let run = 0; run < 60; run += 1) {
      const min = Math.floor(random() * 3);
      const max = Math.max(1, min) + Math.floor(random() * 20);
      const object = scaledObject({
        ...{ minReplicaCount: min, maxReplicaCount: max, cooldownPeriod: 60 },
        ...(random() < 0.5 && { fallback: { failureThreshold: 2, replicas: Math.floor(random() * 30) } }),
      });
      let state = fresh();
      let replicas = Math.max(1, min);
      for (let tick = 0; tick < 60; tick += 1) {
        const now = NOW + tick * SYNC;
        const value = random() < 0.2 ? 'error' : random() < 0.2 ? 0 : random() * 500;
        const step = tick % 2 === 0 ? pollScaledObject : syncScaledObject;
        const answer = step(object, state, observe(replicas, value), now);
        const copy = JSON.parse(JSON.stringify(state)) as ScaledObjectState;
        expect(step(object, copy, observe(replicas, value), now)).toEqual(answer);
        ({ state, desiredReplicas: replicas } = answer);
        expect(Number.isInteger(replicas)).toBe(true);
        expect(replicas).toBeGreaterThanOrEqual(min);
        expect(replicas).toBeLessThanOrEqual(max);
      }
    }
  });
});
