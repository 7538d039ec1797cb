import { describe, expect, it } from 'vitest';
import { DEFAULT_CONTROLLER_SETTINGS } from './controller-settings.js';
import { completeBehavior } from './defaults.js';
import type { ScaleEvent } from './hpa-status.types.js';
import type { ScalingPolicy, ScalingRules } from './hpa.types.js';
import { limitWithBehavior, limitWithoutBehavior } from './limits.js';
import { changeInPeriod, rememberScaleEvent, scaleDownLimit, scaleUpLimit } from './scaling-policies.js';

/** Cases of kubernetes pkg/controller/podautoscaler/horizontal_test.go, by the Test function named in each `describe`. */
const NOW = Date.UTC(2026, 0, 1);

/** Pods and percent policies, each with its period; 0 leaves one out (generateScalingRules). */
function rules(pods: number, podsPeriod: number, percent: number, percentPeriod: number): ScalingRules {
  const policies: ScalingPolicy[] = [];
  if (pods > 0) policies.push({ type: 'Pods', value: pods, periodSeconds: podsPeriod });
  if (percent > 0) policies.push({ type: 'Percent', value: percent, periodSeconds: percentPeriod });
  return { policies };
}

/** Changes spread evenly over the last `seconds`, each in the middle of its share (generateEventsUniformDistribution). */
function spread(changes: readonly number[], seconds: number): ScaleEvent[] {
  const share = seconds / changes.length;
  return changes.map((replicaChange, index) => ({
    replicaChange,
    at: NOW - Math.trunc(seconds - share * (index + 1) + share / 2) * 1000,
  }));
}

interface Case {
  readonly up?: ScalingRules;
  readonly down?: ScalingRules;
  readonly added?: readonly ScaleEvent[];
  readonly removed?: readonly ScaleEvent[];
}
type Row = readonly [
  name: string,
  bounds: readonly [current: number, desired: number, min: number, max: number],
  given: Case,
  replicas: number,
  reason: string,
];

describe('limitWithoutBehavior (TestConvertDesiredReplicasWithRules)', () => {
  it.each([
    [5, 7, 3, 8, 7, 'DesiredWithinRange'],
    [3, 1, 2, 8, 2, 'TooFewReplicas'],
    [1, 0, 0, 10, 0, 'DesiredWithinRange'],
    [20, 1000, 1, 10, 10, 'TooManyReplicas'],
    [3, 1000, 1, 2000, 6, 'ScaleUpLimit'],
    [1, 1000, 1, 2000, 4, 'ScaleUpLimit'],
  ])('%d replicas, %d wished, between %d and %d', (current, desired, min, max, replicas, reason) => {
    expect(limitWithoutBehavior(current, desired, min, max)).toMatchObject({ replicas, reason });
  });
});

describe('limitWithBehavior (TestScalingWithRules)', () => {
  const fewChanges = spread([1, 5, 9], 120);
  const rows: readonly Row[] = [
    ['within range', [5, 7, 3, 8], {}, 7, 'DesiredWithinRange'],
    ['below min', [3, 1, 2, 8], {}, 2, 'TooFewReplicas'],
    ['zero is min', [1, 0, 0, 10], {}, 0, 'DesiredWithinRange'],
    ['above max', [20, 1000, 1, 10], {}, 10, 'TooManyReplicas'],
    ['max below twice the count', [100, 1000, 100, 150], {}, 150, 'TooManyReplicas'],
    ['1 % of 3 still adds one', [3, 1000, 1, 2000], { up: rules(0, 0, 1, 60) }, 4, 'ScaleUpLimit'],
    ['20 pods a minute down', [1000, 3, 3, 2000], { down: rules(20, 60, 0, 0) }, 980, 'ScaleDownLimit'],
    ['default up', [10, 50, 1, 1000], {}, 20, 'ScaleUpLimit'],
    ['pods above percent', [10, 500, 1, 1000], { up: rules(100, 60, 100, 60) }, 110, 'ScaleUpLimit'],
    ['percent above pods', [10, 500, 1, 1000], { up: rules(2, 60, 100, 60) }, 20, 'ScaleUpLimit'],
    ['generous pods', [10, 50, 1, 1000], { up: rules(100, 60, 0, 0) }, 50, 'DesiredWithinRange'],
    ['more generous pods', [10, 50, 1, 1000], { up: rules(10_000, 60, 0, 0) }, 50, 'DesiredWithinRange'],
    ['30 pods', [10, 50, 1, 1000], { up: rules(30, 60, 0, 0) }, 40, 'ScaleUpLimit'],
    ['200 %', [10, 50, 1, 1000], { up: rules(0, 0, 200, 60) }, 30, 'ScaleUpLimit'],
    ['down: pods above percent', [100, 2, 1, 1000], { down: rules(20, 60, 1, 60) }, 80, 'ScaleDownLimit'],
    ['down: 2 pods or 1 %', [100, 2, 1, 1000], { down: rules(2, 60, 1, 60) }, 98, 'ScaleDownLimit'],
    ['down: generous pods to min', [10, 0, 1, 1000], { down: rules(100, 60, 0, 0) }, 1, 'TooFewReplicas'],
    ['down: 100 % to min', [10, 2, 5, 1000], { down: rules(0, 0, 100, 60) }, 5, 'TooFewReplicas'],
    ['down: 5 pods', [10, 2, 1, 1000], { down: rules(5, 60, 0, 0) }, 5, 'ScaleDownLimit'],
    ['down: 50 %', [10, 5, 1, 1000], { down: rules(0, 0, 50, 60) }, 5, 'DesiredWithinRange'],
    ['events, max binds', [100, 500, 1, 200], { added: fewChanges, up: rules(300, 60, 0, 0) }, 200, 'TooManyReplicas'],
    [
      'events, max binds a percentage',
      [100, 500, 1, 200],
      { added: fewChanges, up: rules(0, 0, 10_000, 60) },
      200,
      'TooManyReplicas',
    ],
    [
      'stricter policy after many changes takes none away',
      [100, 500, 1, 1000],
      { added: fewChanges, up: rules(5, 120, 0, 0) },
      100,
      'ScaleUpLimit',
    ],
    ['100 - 15 + 150', [100, 500, 1, 1000], { added: fewChanges, up: rules(150, 120, 0, 0) }, 235, 'ScaleUpLimit'],
    ['(100 - 15) * 3', [100, 500, 1, 1000], { added: fewChanges, up: rules(0, 0, 200, 120) }, 255, 'ScaleUpLimit'],
    ['default down, events do not bind', [10, 5, 1, 1000], { removed: fewChanges }, 5, 'DesiredWithinRange'],
    [
      'down: 115 pods, events',
      [100, 0, 1, 1000],
      { removed: fewChanges, down: rules(115, 120, 0, 0) },
      1,
      'TooFewReplicas',
    ],
    [
      'down: 130 pods, events',
      [100, 0, 5, 1000],
      { removed: fewChanges, down: rules(130, 120, 0, 0) },
      5,
      'TooFewReplicas',
    ],
    [
      'down: 100 %, events',
      [100, 2, 5, 1000],
      { removed: fewChanges, down: rules(0, 0, 100, 120) },
      5,
      'TooFewReplicas',
    ],
    [
      'down: 100 + 15 - 5 takes none',
      [100, 2, 1, 1000],
      { removed: fewChanges, down: rules(5, 120, 0, 0) },
      100,
      'ScaleDownLimit',
    ],
    [
      'down: half of 112',
      [100, 0, 1, 1000],
      { removed: spread([2, 4, 6], 120), down: rules(0, 0, 50, 120) },
      56,
      'ScaleDownLimit',
    ],
    [
      'down: 90 % of 130 takes none',
      [100, 0, 1, 1000],
      { removed: spread([10, 10, 10], 120), down: rules(0, 0, 10, 120) },
      100,
      'ScaleDownLimit',
    ],
    [
      'down: below zero',
      [10, 5, 1, 1000],
      { removed: spread([10, 10, 10], 120), down: rules(0, 0, 1000, 120) },
      5,
      'DesiredWithinRange',
    ],
    [
      'two periods up',
      [100, 200, 1, 1000],
      { added: spread([8, 12, 9, 11], 120), up: rules(1000, 120, 100, 60) },
      200,
      'DesiredWithinRange',
    ],
    [
      'two periods down',
      [100, 5, 1, 1000],
      { removed: spread([8, 12, 9, 11], 120), down: rules(1000, 30, 100, 60) },
      5,
      'DesiredWithinRange',
    ],
  ];

  it.each(rows)('%s', (_name, [current, desired, min, max], given, replicas, reason) => {
    const behavior = completeBehavior({ scaleUp: given.up, scaleDown: given.down }, DEFAULT_CONTROLLER_SETTINGS);
    const history = { up: given.added ?? [], down: given.removed ?? [] };
    const limited = limitWithBehavior({ current, desired, min, max }, history, behavior, NOW);
    expect(limited).toMatchObject({ replicas, reason });
  });

  // Documentation, "Scaling policies": 4 pods or 10 % a minute, 80 replicas down to 10.
  it('follows the documented staircase from 80 to 10', () => {
    const scaleDown = { policies: [...rules(4, 60, 10, 60).policies!] };
    const behavior = completeBehavior({ scaleDown }, DEFAULT_CONTROLLER_SETTINGS);
    const steps = [80];
    let removed: readonly ScaleEvent[] = [];
    for (let minute = 0; steps.at(-1)! > 10; minute += 1) {
      const now = NOW + minute * 60_000;
      const current = steps.at(-1)!;
      const { replicas } = limitWithBehavior(
        { current, desired: 10, min: 1, max: 100 },
        { up: [], down: removed },
        behavior,
        now,
      );
      removed = rememberScaleEvent(removed, { replicaChange: current - replicas, at: now }, behavior.scaleDown);
      steps.push(replicas);
    }
    expect(steps).toEqual([80, 72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10]);
    expect(removed.length).toBeLessThan(4);
  });
});

describe('policies', () => {
  const both = rules(2, 60, 50, 60).policies!;
  const none = { up: [], down: [] };

  // TestCalculateScaleUpLimitWithScalingRules and TestCalculateScaleDownLimitWithBehaviors.
  it('take the smallest change with Min', () => {
    const min = { stabilizationWindowSeconds: 300, selectPolicy: 'Min', policies: both } as const;
    expect(scaleUpLimit(1, none, min, NOW)).toBe(2);
    expect(scaleDownLimit(5, none, min, NOW)).toBe(3);
  });

  it('take the largest change with Max, and none when Disabled', () => {
    const max = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: both } as const;
    expect(scaleUpLimit(1, none, max, NOW)).toBe(3);
    expect(scaleDownLimit(5, none, max, NOW)).toBe(2);
    expect(scaleUpLimit(7, none, { ...max, selectPolicy: 'Disabled' }, NOW)).toBe(7);
    expect(scaleDownLimit(7, none, { ...max, selectPolicy: 'Disabled' }, NOW)).toBe(7);
  });
});

describe('scale events (TestStoreScaleEvents)', () => {
  const ago = (replicaChange: number, seconds: number): ScaleEvent => ({ replicaChange, at: NOW - seconds * 1000 });
  const complete = (given: ScalingRules) => completeBehavior({ scaleUp: given }, DEFAULT_CONTROLLER_SETTINGS).scaleUp;

  it.each([
    ['none before', [], rules(10, 60, 100, 60), 0, [5]],
    ['an outdated one is replaced', [ago(7, 61)], rules(10, 60, 100, 60), 0, [5]],
    ['a recent one stays', [ago(7, 58)], rules(10, 60, 100, 60), 7, [7, 5]],
    ['one of two is replaced', [ago(7, 61), ago(6, 59)], rules(10, 60, 0, 0), 6, [5, 6]],
    [
      'the last outdated one is replaced',
      [ago(8, 29), ago(6, 59), ago(7, 61), ago(9, 61)],
      rules(10, 60, 100, 30),
      14,
      [8, 6, 7, 5],
    ],
    ['the longest period counts', [ago(7, 58), ago(6, 59)], rules(10, 120, 100, 30), 13, [7, 6, 5]],
  ])('%s', (_name, events, given, changed, stored) => {
    expect(changeInPeriod(events, 60, NOW)).toBe(changed);
    const after = rememberScaleEvent(events, { replicaChange: 5, at: NOW }, complete(given));
    expect(after.map(({ replicaChange }) => replicaChange)).toEqual(stored);
  });

  it('leaves out a change exactly one period old', () => {
    expect(changeInPeriod([ago(3, 60)], 60, NOW)).toBe(0);
    expect(changeInPeriod([ago(3, 59.999)], 60, NOW)).toBe(3);
  });
});
