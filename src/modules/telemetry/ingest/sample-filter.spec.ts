import { describe, expect, it } from 'vitest';
import { filterSamples } from './sample-filter.js';

const batch = {
  seriesIds: Int32Array.of(1, -1, 2, 3, 4, 5, -2),
  times: Float64Array.of(100, 100, 99, 201, 200, 150, 150),
  values: Float64Array.of(1, 2, 3, 4, 5, 6, 7),
};

describe('filterSamples', () => {
  it('keeps accepted series within the bounds, both included, and counts the rest by reason', () => {
    const { batch: kept, ...counts } = filterSamples(batch, 100, 200);
    expect([...kept.seriesIds]).toEqual([1, 4, 5]);
    expect([...kept.times]).toEqual([100, 200, 150]);
    expect([...kept.values]).toEqual([1, 5, 6]);
    expect(counts).toEqual({ minTime: 100, maxTime: 200, tooOld: 1, inFuture: 1, refused: 1, unstorable: 1 });
  });

  it('answers the batch itself where all of it is kept', () => {
    const good = { seriesIds: Int32Array.of(1), times: Float64Array.of(5), values: Float64Array.of(NaN) };
    expect(filterSamples(good, 0, 10).batch).toBe(good);
  });

  it('refuses a time that is no number', () => {
    const bad = { seriesIds: Int32Array.of(1), times: Float64Array.of(NaN), values: Float64Array.of(1) };
    expect(filterSamples(bad, 0, 10)).toMatchObject({ tooOld: 1, batch: { times: new Float64Array(0) } });
  });
});
