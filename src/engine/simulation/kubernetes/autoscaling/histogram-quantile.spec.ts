import { expect, it } from 'vitest';
import { histogramQuantile } from './histogram-quantile.js';

const bounds = Float64Array.of(0.1, 0.5, 1);

it.each([
  // Linear within the bucket: the 90th of 100 is 30/40 into 0.1..0.5 here.
  [0.9, [60, 40, 0, 0], 0.1 + 0.4 * 0.75],
  [0.5, [100, 0, 0, 0], 0.05],
  // What lies above the highest bound is given as that bound.
  [0.99, [10, 0, 0, 90], 1],
  [0.5, [0, 0, 10, 0], 0.75],
])('gives the quantile %d of %j as Prometheus does', (q, counts, expected) => {
  expect(histogramQuantile(q, bounds, Float64Array.from(counts))).toBeCloseTo(expected, 12);
});

it('knows none without observations', () => {
  expect(histogramQuantile(0.99, bounds, new Float64Array(4))).toBeNull();
});
