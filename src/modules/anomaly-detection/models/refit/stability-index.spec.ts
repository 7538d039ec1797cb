import { describe, expect, it } from 'vitest';
import { addScore, SCORE_BINS, scoreHistogram, stabilityIndex } from './stability-index.js';

describe('the stability index', () => {
  it('is 0 for the same shares, whatever the counts', () => {
    expect(stabilityIndex([10, 20, 70], [100, 200, 700])).toBeCloseTo(0, 12);
  });

  it('is the sum of differences times logarithms of ratios', () => {
    // (0.4 - 0.5) ln(0.8) + (0.6 - 0.5) ln(1.2)
    expect(stabilityIndex([50, 50], [40, 60])).toBeCloseTo(0.1 * Math.log(1.2 / 0.8), 12);
  });

  it('is finite where a bin is empty, and null where there is nothing to compare', () => {
    expect(stabilityIndex([100, 0], [90, 10])).toBeGreaterThan(0.25);
    expect(stabilityIndex([0, 0], [1, 2])).toBeNull();
    expect(stabilityIndex([1, 2], [1, 2, 3])).toBeNull();
  });

  it('bins scores by their upper bounds, and leaves out what was not scored', () => {
    const histogram = scoreHistogram();
    for (const score of [0, 0.05, 0.06, 1, 1.01, 50, NaN]) addScore(histogram, score);
    expect(histogram).toHaveLength(SCORE_BINS.length + 1);
    expect([histogram[0], histogram[1], histogram.at(-2), histogram.at(-1)]).toEqual([2, 1, 1, 2]);
  });
});
