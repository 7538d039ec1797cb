import type { SampleBatch } from '../../../../kernel/time-series.js';

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const counts = new Uint32Array(BUCKETS);

/**
 * Positions of the samples by series id, then time; equal ones stay in the order given. Undefined where the batch is
 * in that order already. A radix sort by id (as unsigned); times within a series mostly ascend and are sorted only where not:
 * linear in practice.
 */
export function blockOrder(batch: SampleBatch): Uint32Array | undefined {
  const { seriesIds, times } = batch;
  const count = seriesIds.length;
  let sorted = true;
  let all = 0;
  let previousId = 0;
  let previousTime = -Infinity;
  for (let i = 0; i < count; i++) {
    const id = seriesIds[i]!;
    const time = times[i]!;
    if (id < previousId || (id === previousId && time < previousTime)) sorted = false;
    previousId = id;
    previousTime = time;
    all |= id;
  }
  if (sorted) return undefined;
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let spare = new Uint32Array(count);
  for (let shift = 0; shift < 32 && all >>> shift !== 0; shift += DIGIT_BITS) {
    counts.fill(0);
    for (let i = 0; i < count; i++) counts[(seriesIds[i]! >>> shift) & (BUCKETS - 1)]!++;
    let sum = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const inBucket = counts[bucket]!;
      counts[bucket] = sum;
      sum += inBucket;
    }
    for (let i = 0; i < count; i++) {
      const entry = order[i]!;
      spare[counts[(seriesIds[entry]! >>> shift) & (BUCKETS - 1)]!++] = entry;
    }
    [order, spare] = [spare, order];
  }
  sortTimesWithinSeries(order, batch);
  return order;
}

function sortTimesWithinSeries(order: Uint32Array, { seriesIds, times }: SampleBatch): void {
  for (let start = 0; start < order.length;) {
    const id = seriesIds[order[start]!]!;
    let ascending = true;
    let end = start + 1;
    for (; end < order.length && seriesIds[order[end]!] === id; end++) {
      ascending &&= times[order[end - 1]!]! <= times[order[end]!]!;
    }
    if (!ascending) order.subarray(start, end).sort((a, b) => times[a]! - times[b]! || a - b);
    start = end;
  }
}
