import { describe, expect, it } from 'vitest';
import { poissonProbability } from './poisson.js';

describe('Poisson probabilities', () => {
  it('are twice the smaller tail, at most 1', () => {
    // P(X >= 5) at 1 is 0.00366 (1 - 0.99634, from tables of the distribution).
    expect(poissonProbability(5, 1)).toBeCloseTo(0.00732, 5);
    expect(poissonProbability(1, 1)).toBe(1);
    expect(poissonProbability(0, 10)).toBeCloseTo(2 * Math.exp(-10), 12);
  });

  it('hold where single terms underflow', () => {
    // P(X <= 1900) at 2,000: z = -99.5 / sqrt(2,000); normal 0.0130, and -0.0005 for the skewness (Edgeworth).
    expect(poissonProbability(1_900, 2_000)).toBeCloseTo(0.025, 3);
    expect(poissonProbability(0, 0)).toBe(1);
    expect(poissonProbability(3, 0)).toBe(0);
  });
});
