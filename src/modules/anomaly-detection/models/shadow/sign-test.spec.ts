import { describe, expect, it } from 'vitest';
import { signTest } from './sign-test.js';

describe('signTest', () => {
  // 2 * sum of C(n, k) / 2^n up to the smaller count, by hand.
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [3, 3, 1],
    [5, 0, 2 / 32],
    [6, 0, 2 / 64],
    [8, 1, (2 * (1 + 9)) / 512],
    [2, 10, (2 * (1 + 12 + 66)) / 4_096],
  ])('%d against %d', (one, other, expected) => {
    expect(signTest(one, other)).toBeCloseTo(expected, 12);
    expect(signTest(other, one)).toBeCloseTo(expected, 12);
  });

  it('holds for large counts', () => {
    expect(signTest(20_000, 20_000)).toBe(1);
    // z = 200 / sqrt(4,200): the normal distribution gives .00203 two-sided, with correction for continuity .00212.
    expect(signTest(2_200, 2_000)).toBeGreaterThan(0.002);
    expect(signTest(2_200, 2_000)).toBeLessThan(0.0023);
  });
});
