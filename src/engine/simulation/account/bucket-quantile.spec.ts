import { describe, expect, it } from 'vitest';
import { bucketQuantile } from './bucket-quantile.js';

const BOUNDS = Float64Array.from([1, 10, 100]);

describe('bucketQuantile', () => {
  it.each([
    // Half of the bucket from 10 to 100 on a logarithmic scale is its geometric mean.
    { counts: [0, 0, 4, 0], quantile: 0.5, expected: Math.sqrt(10 * 100) },
    { counts: [0, 2, 2, 0], quantile: 0.5, expected: 10 },
    { counts: [0, 2, 2, 0], quantile: 0.25, expected: Math.sqrt(10) },
    { counts: [4, 0, 0, 0], quantile: 0.5, expected: 0.5 },
    { counts: [1, 1, 1, 1], quantile: 0.999, expected: 100 },
    { counts: [0, 0, 1, 0], quantile: 1, expected: 100 },
  ])('$quantile of $counts', ({ counts, quantile, expected }) => {
    expect(bucketQuantile(BOUNDS, Float64Array.from(counts), 0, quantile)).toBeCloseTo(expected, 9);
  });

  it('knows no quantile of nothing', () => {
    expect(bucketQuantile(BOUNDS, new Float64Array(4), 0, 0.5)).toBeNaN();
  });

  it('reads from an offset', () => {
    expect(bucketQuantile(BOUNDS, Float64Array.from([9, 9, 9, 9, 0, 0, 4, 0]), 4, 0.5)).toBeCloseTo(Math.sqrt(1000), 9);
  });
});
