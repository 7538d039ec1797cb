import { describe, expect, it } from 'vitest';
import { CFS_PERIOD, throttledShare } from './throttled-share.js';

/** Chance that Poisson many requests of a period, exponential in CPU, want more than the quota: exact. */
function exact(rate: number, each: number, limit: number): number {
  const wanted = rate * CFS_PERIOD;
  const quota = (limit * CFS_PERIOD) / each;
  let chance = 0;
  let poisson = Math.exp(-wanted);
  let erlangTail = 0;
  let term = Math.exp(-quota);
  for (let n = 1; n < 200; n++) {
    poisson *= wanted / n;
    // Erlang: more than the quota for n requests, where fewer than n are done within it.
    erlangTail += term;
    term *= quota / n;
    chance += poisson * erlangTail;
  }
  return chance;
}

describe('the share of throttled periods', () => {
  it.each([
    [42, 0.005, 0.5],
    [20, 0.01, 0.5],
    [150, 0.005, 1],
    [180, 0.005, 1],
    [10, 0.002, 0.5],
  ])('is near the exact chance that %d requests a second of %d s want more than %d cores', (rate, each, limit) => {
    const share = throttledShare({ use: rate * each, rate, limit, saturated: 0 });
    expect(Math.abs(share - exact(rate, each, limit))).toBeLessThan(0.04);
  });

  it('is all of them where the workers never rest, and none where nothing is done', () => {
    expect(throttledShare({ use: 0.5, rate: 50, limit: 0.5, saturated: 1 })).toBe(1);
    expect(throttledShare({ use: 0, rate: 0, limit: 0.5, saturated: 1 })).toBe(0);
  });

  it('grows with what is wanted', () => {
    const shares = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((use) =>
      throttledShare({ use, rate: 100 * use, limit: 1, saturated: use }),
    );
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.01);
    expect(shares.at(-1)).toBeGreaterThan(0.8);
  });
});
