import { describe, expect, it } from 'vitest';
import { histogramQuantile } from './histogram-quantile.js';

const quantile = (q: number, bounds: number[], counts: number[]) =>
  histogramQuantile(q, Float64Array.from(bounds), Float64Array.from(counts));

describe('histogramQuantile', () => {
  // Worked by hand by the rule in Prometheus' documentation: rank q × total, linear within the bucket it falls into.
  it.each([
    // 50 of 100: rank 50 lies 40 of 60 into (0.1, 0.2].
    [0.5, [0.1, 0.2, Infinity], [10, 70, 100], 0.1 + 0.1 * (40 / 60)],
    // The first bucket begins at 0.
    [0.05, [0.1, 0.2, Infinity], [10, 70, 100], 0.05],
    // Beyond the highest finite bound nothing more can be said.
    [0.99, [0.1, 0.2, Infinity], [10, 70, 100], 0.2],
    // A first bucket of negative numbers has no lower end.
    [0.1, [-1, 1, Infinity], [50, 100, 100], -1],
    // A rank on the edge of two buckets is the edge.
    [0.7, [0.1, 0.2, 0.4, Infinity], [10, 70, 90, 100], 0.2],
    // The empty bucket between takes nothing.
    [0.75, [1, 2, 4, Infinity], [50, 50, 100, 100], 3],
    // Rates instead of counts are the same.
    [0.5, [0.1, 0.2, Infinity], [1 / 7, 1, 10 / 7], 0.1 + 0.1 * (4 / 6)],
  ])('is the %s quantile of %j with counts %j', (q, bounds, counts, expected) => {
    expect(quantile(q, bounds, counts)).toBeCloseTo(expected, 12);
  });

  it('lifts counts that fall from one bucket to the next, as scrapes of a live histogram may', () => {
    expect(quantile(0.5, [0.1, 0.2, Infinity], [60, 55, 100])).toBeCloseTo(0.1 * (50 / 60), 12);
  });

  it.each([
    ['no observation', [0.1, Infinity], [0, 0]],
    ['no bucket for the rest', [0.1, 0.2], [1, 2]],
    ['one bucket', [Infinity], [7]],
    ['no count of the last bucket', [0.1, Infinity], [1, NaN]],
  ])('knows nothing of %s', (_, bounds, counts) => {
    expect(quantile(0.5, bounds, counts)).toBeNaN();
  });
});
