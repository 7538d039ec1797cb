import { describe, expect, it } from 'vitest';
import type { Recommendation } from './hpa-status.types.js';
import { stabilizeBothWays, stabilizeDown } from './stabilization.js';

/** Cases of kubernetes pkg/controller/podautoscaler/horizontal_test.go, by the Test function named in each `describe`. */
const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const ago = (replicas: number, minutes: number): Recommendation => ({ replicas, at: NOW - minutes * MINUTE });

describe('stabilizeDown (TestNormalizeDesiredReplicas)', () => {
  it.each([
    ['empty', [], 5, 5, 1],
    ['stabilized', [ago(4, 2), ago(5, 1)], 3, 5, 3],
    ['nothing higher', [ago(1, 2), ago(2, 1)], 3, 3, 3],
    ['old ones', [ago(10, 10), ago(9, 9)], 3, 3, 2],
    ['old and new ones', [ago(10, 10), ago(4, 1), ago(5, 2), ago(9, 9)], 3, 5, 4],
    ['exactly as old as the window', [ago(9, 5)], 3, 9, 2],
  ])('%s', (_name, recommendations, desired, replicas, length) => {
    const stabilized = stabilizeDown(recommendations, desired, 5 * MINUTE, NOW);
    expect(stabilized.replicas).toBe(replicas);
    expect(stabilized.recommendations).toHaveLength(length);
    expect(stabilized.recommendations).toContainEqual({ replicas: desired, at: NOW });
  });
});

describe('stabilizeBothWays (TestNormalizeDesiredReplicasWithBehavior)', () => {
  const mixed = [ago(10, 10), ago(4, 1), ago(5, 2), ago(9, 9)];
  it.each([
    ['empty, down', [], 100, 5, 0, 0, 5, [5]],
    ['down stabilized', [ago(4, 2), ago(5, 1)], 100, 3, 0, 180, 5, [4, 5, 3]],
    ['up stabilized', [ago(4, 2), ago(5, 1)], 1, 7, 300, 0, 4, [4, 5, 7]],
    ['nothing higher, down', [ago(1, 2), ago(2, 1)], 100, 3, 300, 0, 3, [1, 2, 3]],
    ['nothing lower, up', [ago(4, 2), ago(5, 1)], 1, 3, 0, 300, 3, [4, 5, 3]],
    ['old ones, down', [ago(10, 10), ago(9, 9)], 100, 3, 0, 0, 3, [10, 3]],
    ['old ones, up', [ago(10, 10), ago(9, 9)], 1, 100, 0, 0, 100, [10, 100]],
    ['old and new ones, down', mixed, 100, 3, 0, 180, 5, [10, 4, 5, 3]],
    [
      'only the oldest is outdated, up',
      [ago(10, 100), ago(6, 1), ago(5, 2), ago(9, 3)],
      1,
      100,
      300,
      0,
      5,
      [100, 6, 5, 9],
    ],
    ['exactly as old as the window', [ago(9, 5)], 10, 3, 0, 300, 3, [9, 3]],
  ])('%s', (_name, recommendations, current, desired, upSeconds, downSeconds, replicas, stored) => {
    const stabilized = stabilizeBothWays(recommendations, current, desired, { upSeconds, downSeconds }, NOW);
    expect(stabilized.replicas).toBe(replicas);
    expect(stabilized.recommendations.map((each) => each.replicas)).toEqual(stored);
  });
});
