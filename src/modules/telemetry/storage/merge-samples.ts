import type { SampleWindow } from '../../../kernel/time-series.js';

/** Samples of one series in columns; part of a larger store, in the order of writing. */
export interface Fragment {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

const EMPTY: SampleWindow = { times: new Float64Array(0), values: new Float64Array(0) };

/**
 * One window out of fragments given in the order they were written: ascending, one sample per millisecond, the
 * newest write wins. Only samples with from <= time < to are kept.
 */
export function mergeFragments(
  fragments: readonly Fragment[],
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): SampleWindow {
  let length = 0;
  for (const fragment of fragments) length += fragment.times.length;
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  let kept = 0;
  let ascending = true;
  for (const fragment of fragments) {
    for (let i = 0; i < fragment.times.length; i++) {
      const time = fragment.times[i]!;
      if (time < from || time >= to) continue;
      if (kept > 0 && time <= times[kept - 1]!) ascending = false;
      times[kept] = time;
      values[kept++] = fragment.values[i]!;
    }
  }
  if (kept === 0) return EMPTY;
  if (ascending) return { times: trim(times, kept), values: trim(values, kept) };
  return sortNewestWins(times.subarray(0, kept), values.subarray(0, kept));
}

/** A copy only where it frees a good part of the memory. */
function trim(array: Float64Array, length: number): Float64Array {
  if (length === array.length) return array;
  return length * 2 < array.length ? array.slice(0, length) : array.subarray(0, length);
}

function sortNewestWins(times: Float64Array, values: Float64Array): SampleWindow {
  const order = Uint32Array.from({ length: times.length }, (_, i) => i);
  // By time, later writes last among equals.
  order.sort((a, b) => times[a]! - times[b]! || a - b);
  const outTimes = new Float64Array(times.length);
  const outValues = new Float64Array(times.length);
  let kept = 0;
  for (const index of order) {
    const time = times[index]!;
    if (kept > 0 && outTimes[kept - 1] === time) kept--;
    outTimes[kept] = time;
    outValues[kept++] = values[index]!;
  }
  return { times: trim(outTimes, kept), values: trim(outValues, kept) };
}
