import type { SampleBatch } from '../../../kernel/time-series.js';
import { type Fragment, mergeFragments } from './merge-samples.js';

/** Samples of many series side by side: series i holds [offsets[i], offsets[i + 1]) of both columns. */
export interface SampleColumns {
  /** Ascending. */
  readonly seriesIds: Int32Array;
  readonly offsets: Uint32Array;
  /** Epoch milliseconds; by series in the order of writing. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * Collects batches, given in the order they were written, by series. A counting sort: linear in the samples, and
 * no object per series and batch, of which a pack would have millions.
 */
export function collectBySeries(batches: readonly SampleBatch[]): SampleColumns {
  const counts = new Map<number, number>();
  for (const { seriesIds } of batches) {
    forEachRun(seriesIds, (id, start, end) => counts.set(id, (counts.get(id) ?? 0) + end - start));
  }
  const seriesIds = Int32Array.from(counts.keys()).sort();
  const offsets = new Uint32Array(seriesIds.length + 1);
  const next = new Map<number, number>();
  for (let i = 0; i < seriesIds.length; i++) {
    next.set(seriesIds[i]!, offsets[i]!);
    offsets[i + 1] = offsets[i]! + counts.get(seriesIds[i]!)!;
  }
  const total = offsets[seriesIds.length]!;
  const times = new Float64Array(total);
  const values = new Float64Array(total);
  for (const batch of batches) {
    forEachRun(batch.seriesIds, (id, start, end) => {
      let at = next.get(id)!;
      for (let i = start; i < end; i++) {
        times[at] = batch.times[i]!;
        values[at++] = batch.values[i]!;
      }
      next.set(id, at);
    });
  }
  return { seriesIds, offsets, times, values };
}

/** Ascending samples of series i of the columns, one per millisecond, the newest write winning. */
export function windowOf(columns: SampleColumns, i: number): Fragment {
  const times = columns.times.subarray(columns.offsets[i], columns.offsets[i + 1]);
  const values = columns.values.subarray(columns.offsets[i], columns.offsets[i + 1]);
  for (let k = 1; k < times.length; k++) {
    if (times[k]! <= times[k - 1]!) return mergeFragments([{ times, values }]);
  }
  return { times, values };
}

/** Runs of equal ids: `each(id, start, end)`. */
export function forEachRun(ids: Int32Array, each: (id: number, start: number, end: number) => void): void {
  let start = 0;
  while (start < ids.length) {
    const id = ids[start]!;
    let end = start + 1;
    while (end < ids.length && ids[end] === id) end++;
    each(id, start, end);
    start = end;
  }
}
