import { createRandom, nextBelow } from '../../simulation/random/random.js';
import { NO_ESTIMATE, type Estimate } from './intervals.js';

const RESAMPLES = 2000;

/** Of ascending numbers; the mean of the middle two where their count is even. */
export function medianOf(sorted: readonly number[]): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  return (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2;
}

/**
 * A median with its percentile interval over 2,000 bootstrap resamples (Efron 1979). Infinite values (never detected)
 * take part: a median that is infinite says that half of them were never detected, and is given as null.
 *
 * @param seed the same one gives the same interval
 */
export function medianWithInterval(values: readonly number[], seed = 1): Estimate {
  const n = values.length;
  if (n === 0) return NO_ESTIMATE;
  const sorted = [...values].sort(ascending);
  const random = createRandom(seed, 'score-card/bootstrap');
  const draw = new Array<number>(n);
  const medians: number[] = [];
  for (let i = 0; i < RESAMPLES; i += 1) {
    for (let j = 0; j < n; j += 1) draw[j] = sorted[nextBelow(random, n)]!;
    medians.push(medianOf([...draw].sort(ascending)));
  }
  medians.sort(ascending);
  return {
    value: finite(medianOf(sorted)),
    low: finite(medians[Math.floor(0.025 * RESAMPLES)]!),
    high: finite(medians[Math.ceil(0.975 * RESAMPLES) - 1]!),
  };
}

function ascending(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
