import { describe, expect, it } from 'vitest';
import { hashNoise, hashShare, momentaryCount, poissonCount } from './hash-noise.js';

const SHARES = Array.from({ length: 20_000 }, (_, i) => hashShare(7, i % 50, Math.floor(i / 50)));

describe('hash noise', () => {
  it('is the same for the same arguments, and another for others', () => {
    expect(hashNoise(1, 2, 3)).toBe(hashNoise(1, 2, 3));
    expect(new Set([hashNoise(1, 2, 3), hashNoise(2, 2, 3), hashNoise(1, 3, 3), hashNoise(1, 2, 4)]).size).toBe(4);
  });

  it('is uniform', () => {
    const mean = SHARES.reduce((sum, share) => sum + share, 0) / SHARES.length;
    // Standard error of the mean of 20,000 uniform numbers: 0.002.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(Math.min(...SHARES)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...SHARES)).toBeLessThan(1);
  });
});

describe('a Poisson count', () => {
  it.each([0.02, 0.5, 3, 20, 200])('has mean and variance %d', (mean) => {
    const counts = SHARES.map((share) => poissonCount(mean, share));
    const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / counts.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / counts.length) + 0.01 * mean);
    // The logistic stand-in for large means is a little wider than the normal distribution.
    expect(variance / mean).toBeGreaterThan(0.85);
    expect(variance / mean).toBeLessThan(1.25);
  });

  it('follows the distribution function', () => {
    // P(0) = exp(-0.5) = 0.6065, P(at most 1) = 0.9098.
    expect([0, 0.606, 0.607, 0.909, 0.911].map((share) => poissonCount(0.5, share))).toEqual([0, 0, 1, 1, 2]);
    expect(poissonCount(0, 0.99)).toBe(0);
    expect(poissonCount(NaN, 0.99)).toBe(0);
  });
});

describe('a momentary count', () => {
  const moments = (mean: number, places?: number) => {
    const counts = SHARES.map((share) => momentaryCount(mean, share, places));
    const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / counts.length;
    return { average, variance, least: Math.min(...counts), most: Math.max(...counts) };
  };

  it.each([0.3, 0.9, 2.3, 12.5])('of what comes independently has mean and variance %d', (mean) => {
    const { average, variance } = moments(mean);
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / SHARES.length));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.06);
  });

  it('is often two where there is nearly one on average, as in any system with random arrivals', () => {
    const two = SHARES.filter((share) => momentaryCount(0.9, share) === 2).length / SHARES.length;
    // exp(-0.9) 0.9^2 / 2! = 0.1647
    expect(Math.abs(two - 0.1647)).toBeLessThan(0.012);
  });

  it.each([
    [2.5, 10],
    [9.7, 10],
    [14.9, 15],
    [75.5, 100],
    [99.5, 100],
  ])('of %d in %d places varies as taken places do, mean (1 - mean / places)', (mean, places) => {
    const { average, variance, least, most } = moments(mean, places);
    const expected = mean * (1 - mean / places);
    expect(Math.abs(average - mean)).toBeLessThan(0.05 * Math.max(1, Math.sqrt(expected)));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.3);
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeLessThanOrEqual(places);
  });

  it('leaves whole numbers alone', () => {
    for (const share of [0, 0.5, 1 - 2 ** -31]) {
      expect([0, 1, 3 - 1e-12, 3 + 1e-12].map((mean) => momentaryCount(mean, share))).toEqual([0, 1, 3, 3]);
      expect(momentaryCount(10, share, 10)).toBe(10);
    }
  });
});
