import type { EpochMs } from '../../../kernel/clock.js';
import { longestGap, smoothedInterval } from '../resample.js';

/** When rows had their newest value (NaN: never), and the smoothed distance of values in milliseconds. */
export interface RowRhythms {
  readonly valuedAt: Float64Array;
  readonly intervals: Float64Array;
}

export function createRhythms(rows: number): RowRhythms {
  return { valuedAt: new Float64Array(rows).fill(NaN), intervals: new Float64Array(rows) };
}

export function noteValue({ valuedAt, intervals }: RowRhythms, row: number, time: EpochMs, stepMs: number): void {
  const elapsed = time - valuedAt[row]!;
  if (elapsed > 0) intervals[row] = smoothedInterval(intervals[row]!, elapsed, stepMs);
  valuedAt[row] = time;
}

/** Whether a series has stopped sending by its own rhythm: what was open of it is over, and nobody saw it end. */
export function isStale({ valuedAt, intervals }: RowRhythms, row: number, time: EpochMs, stepMs: number): boolean {
  return time - valuedAt[row]! > longestGap(intervals[row]!, stepMs);
}
