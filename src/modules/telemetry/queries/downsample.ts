import type { SampleWindow } from '../../../kernel/time-series.js';

export interface DownsampledWindow extends SampleWindow {
  readonly downsampled: boolean;
}

/**
 * At most `maxPoints` samples that draw the same line: the smallest and the largest of each of equally long
 * intervals, and the first and the last sample (M4 without its first and last per interval, whose pixels a chart of
 * this width does not show; Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014).
 * No extreme is lost and no sample is made up. An interval that holds only NaN keeps one of them: a gap stays one.
 *
 * @param maxPoints at least 4
 */
export function downsample(window: SampleWindow, maxPoints: number): DownsampledWindow {
  const { times, values } = window;
  const length = times.length;
  if (length <= maxPoints) return { times, values, downsampled: false };
  const buckets = Math.max(1, Math.floor((maxPoints - 2) / 2));
  const first = times[0]!;
  const width = (times[length - 1]! - first) / buckets || 1;
  const kept: number[] = [0];
  let at = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = bucket === buckets - 1 ? Number.POSITIVE_INFINITY : first + (bucket + 1) * width;
    let low = -1;
    let high = -1;
    const start = at;
    for (; at < length && times[at]! < end; at++) {
      const value = values[at]!;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < values[low]!) low = at;
      if (high < 0 || value > values[high]!) high = at;
    }
    if (at === start) continue;
    if (low < 0) kept.push(start);
    else kept.push(Math.min(low, high), Math.max(low, high));
  }
  kept.push(length - 1);
  const points = kept.filter((index, i) => i === 0 || index !== kept[i - 1]);
  return {
    times: Float64Array.from(points, (index) => times[index]!),
    values: Float64Array.from(points, (index) => values[index]!),
    downsampled: true,
  };
}
