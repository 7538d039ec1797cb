import { describe, expect, it } from 'vitest';
import type { SampleBatch } from '../../../kernel/time-series.js';
import { collectBySeries, forEachRun, windowOf } from './sample-columns.js';

function batch(...entries: [number, number, number][]): SampleBatch {
  return {
    seriesIds: Int32Array.from(entries, ([id]) => id),
    times: Float64Array.from(entries, ([, time]) => time),
    values: Float64Array.from(entries, ([, , value]) => value),
  };
}

describe('collectBySeries', () => {
  it('puts the samples of each series together, in the order of writing', () => {
    const columns = collectBySeries([batch([7, 1, 1], [7, 2, 2], [3, 1, 3]), batch([3, 1, 4], [7, 0, 5])]);
    expect([...columns.seriesIds]).toEqual([3, 7]);
    expect([...columns.offsets]).toEqual([0, 2, 5]);
    expect([...columns.times]).toEqual([1, 1, 1, 2, 0]);
    expect([...columns.values]).toEqual([3, 4, 1, 2, 5]);
  });

  it('sorts ids as numbers', () => {
    expect([...collectBySeries([batch([10, 1, 1], [9, 1, 1], [100, 1, 1])]).seriesIds]).toEqual([9, 10, 100]);
  });

  it('is empty for no samples', () => {
    expect(collectBySeries([]).seriesIds).toHaveLength(0);
    expect(collectBySeries([batch()]).times).toHaveLength(0);
  });
});

describe('windowOf', () => {
  it('sorts and removes doubles only where it must', () => {
    const columns = collectBySeries([batch([1, 5, 1], [1, 5, 2], [1, 4, 3], [2, 1, 1], [2, 2, 2])]);
    expect([...windowOf(columns, 0).times]).toEqual([4, 5]);
    expect([...windowOf(columns, 0).values]).toEqual([3, 2]);
    expect(windowOf(columns, 1).times.buffer, 'a view, no copy').toBe(columns.times.buffer);
  });
});

describe('forEachRun', () => {
  it('finds each run of equal ids', () => {
    const runs: number[][] = [];
    forEachRun(Int32Array.of(4, 4, 2, 4), (...run) => runs.push(run));
    expect(runs).toEqual([
      [4, 0, 2],
      [2, 2, 3],
      [4, 3, 4],
    ]);
  });
});
