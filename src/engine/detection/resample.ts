import type { EpochMs } from '../../kernel/clock.js';
import type { SampleWindow } from '../../kernel/time-series.js';
import type { ScoredUnit } from './series-unit.js';

/** Ticks `first`, `first + step`, ...: tick t stands for the samples with t - step <= time < t. */
export interface TickGrid {
  readonly first: EpochMs;
  readonly stepMs: number;
  readonly count: number;
}

/** What is remembered of a series between two calls. */
export interface ResampleCarry {
  /** Newest usable sample; null before the first. */
  readonly time: EpochMs | null;
  readonly value: number;
  /** Smoothed distance between samples in milliseconds; 0 while unknown. */
  readonly intervalMs: number;
}

export const NO_CARRY: ResampleCarry = { time: null, value: 0, intervalMs: 0 };

/** Samples farther apart than this many intervals have a gap between them, and no rate is made across it. */
export const GAP_INTERVALS = 5;
/** Beyond this, differences would overflow. */
const LARGEST = 1e300;
const INTERVAL_SMOOTHING = 0.2;

/**
 * Puts samples on the tick grid: the mean of a gauge's samples in the tick; for a counter the increase per second
 * since its last sample before the tick, where a drop is a reset to zero (Prometheus `rate`, without its
 * extrapolation). Ticks without a usable sample are NaN: a gap is never a zero. Not-a-number and infinite samples
 * are skipped.
 *
 * `window` must be ascending; samples outside the grid, or not newer than the carry, are ignored.
 */
export function resample(
  window: SampleWindow | undefined,
  grid: TickGrid,
  unit: ScoredUnit,
  carry: ResampleCarry,
): { readonly values: Float64Array; readonly carry: ResampleCarry } {
  const values = new Float64Array(grid.count);
  return { values, carry: resampleInto(window, grid, unit, carry, values, 0, 1) };
}

/** As `resample`, into every `stride`-th place of `values` from `offset` on: for many series in one array by tick. */
export function resampleInto(
  window: SampleWindow | undefined,
  grid: TickGrid,
  unit: ScoredUnit,
  carry: ResampleCarry,
  values: Float64Array,
  offset: number,
  stride: number,
): ResampleCarry {
  if (!window || window.times.length === 0) {
    for (let tick = 0, at = offset; tick < grid.count; tick += 1, at += stride) values[at] = NaN;
    return carry;
  }
  let { time: lastTime, value: lastValue, intervalMs } = carry;
  const start = grid.first - grid.stepMs;
  let i = 0;
  while (i < window.times.length && (window.times[i]! < start || (lastTime !== null && window.times[i]! <= lastTime)))
    i += 1;

  for (let tick = 0; tick < grid.count; tick += 1) {
    const end = grid.first + tick * grid.stepMs;
    let sum = 0;
    let seconds = 0;
    let points = 0;
    for (; i < window.times.length && window.times[i]! < end; i += 1) {
      const value = window.values[i]!;
      const time = window.times[i]!;
      if (!(Math.abs(value) < LARGEST)) continue;
      const elapsed = lastTime === null ? NaN : time - lastTime;
      const gap = !(elapsed <= longestGap(intervalMs, grid.stepMs));
      if (unit === 'raw') {
        sum += value;
        points += 1;
      } else if (!gap) {
        sum += value >= lastValue ? value - lastValue : Math.max(0, value);
        seconds += elapsed / 1000;
        points += 1;
      }
      if (elapsed > 0) intervalMs = smoothedInterval(intervalMs, elapsed, grid.stepMs);
      lastTime = time;
      lastValue = value;
    }
    values[offset + tick * stride] = points === 0 ? NaN : unit === 'raw' ? sum / points : sum / seconds;
  }
  return { time: lastTime, value: lastValue, intervalMs };
}

/** Follows a source that slows down for good, without taking one outage for its rhythm. */
export function smoothedInterval(intervalMs: number, elapsed: number, stepMs: number): number {
  if (intervalMs === 0) return elapsed;
  const bounded = Math.min(elapsed, 2 * longestGap(intervalMs, stepMs));
  return intervalMs + INTERVAL_SMOOTHING * (bounded - intervalMs);
}

/** Milliseconds without a sample after which a series counts as silent. */
export function longestGap(intervalMs: number, stepMs: number, intervals: number = GAP_INTERVALS): number {
  return intervals * Math.max(intervalMs, stepMs);
}
