import { describe, expect, it } from 'vitest';
import { poissonCumulative, poissonProbability } from './poisson.js';

describe('Poisson probabilities', () => {
  it.each([
    // Tables of the Poisson distribution: P(X <= k).
    [0, 1, 0.36788],
    [1, 1, 0.73576],
    [3, 2, 0.85712],
    [10, 10, 0.58304],
    [0, 0.5, 0.60653],
  ])('of at most %i at a mean of %d', (k, mean, expected) => {
    expect(poissonCumulative(k, mean)).toBeCloseTo(expected, 5);
  });

  it('are twice the smaller tail, at most 1', () => {
    // P(X >= 5) at 1 is 0.00366 (1 - 0.99634).
    expect(poissonProbability(5, 1)).toBeCloseTo(0.00732, 5);
    expect(poissonProbability(1, 1)).toBe(1);
    expect(poissonProbability(0, 10)).toBeCloseTo(2 * Math.exp(-10), 12);
  });

  it('hold where single terms underflow', () => {
    expect(poissonCumulative(2_000, 2_000)).toBeCloseTo(0.5059, 3);
    expect(poissonProbability(0, 0)).toBe(1);
    expect(poissonProbability(3, 0)).toBe(0);
  });
});
