import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it.each([
    [1, 0, 5_000],
    [2, 0, 10_000],
    [5, 0, 80_000],
    [9, 0, 900_000],
    [1_000, 0, 900_000],
    [1, 0.999, 4_001],
  ])('after try %i with %d waits %i ms', (attempt, random, ms) => {
    expect(backoffMs(attempt, random)).toBe(ms);
  });

  it('spreads over hours before four hours are over', () => {
    let total = 0;
    let tries = 0;
    while (total < 4 * 3_600_000) total += backoffMs(++tries, 0.5);
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(40);
  });
});
