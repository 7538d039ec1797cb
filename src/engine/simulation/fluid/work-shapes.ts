import type { WorkDistribution } from '../model/network.types.js';
import { put } from './grid.js';

/** Points of the quantile function that stand for a distribution of work. */
const SAMPLES = 400;

/** Second and third moments of a time over the powers of its mean. */
export interface RelativeMoments {
  readonly second: number;
  readonly third: number;
}

/** Adds the distribution of one request's work, of mass 1 and exactly its mean, to the grid. */
export function putWork(to: Float64Array, at: number, work: WorkDistribution): void {
  if (work.kind === 'deterministic') return put(to, at, work.mean, 1);
  const times = Array.from({ length: SAMPLES }, (_, i) => quantile(work, (i + 0.5) / SAMPLES));
  // What lies between the samples of a long tail is missing from their mean; the last ones carry it.
  const missing = work.mean * SAMPLES - times.reduce((sum, time) => sum + time, 0);
  const tail = Math.min(SAMPLES, 2);
  for (let i = SAMPLES - tail; i < SAMPLES; i++)
    times[i] = Math.max(times[SAMPLES - tail - 1]!, times[i]! + missing / tail);
  for (const time of times) put(to, at, time, 1 / SAMPLES);
}

export function relativeMoments(work: WorkDistribution): RelativeMoments {
  switch (work.kind) {
    case 'deterministic':
      return { second: 1, third: 1 };
    case 'exponential':
      return { second: 2, third: 6 };
    case 'log-normal':
      return { second: 1 + work.scv, third: (1 + work.scv) ** 3 };
    case 'empirical':
      return { second: 1 + work.scv, third: empiricalThird(work.quantiles) / work.mean ** 3 };
  }
}

/** Integral of the cube of a function that is linear between its points. */
function empiricalThird(quantiles: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < quantiles.length; i++) {
    const [a, b] = [quantiles[i - 1]!, quantiles[i]!];
    sum += (a ** 3 + a ** 2 * b + a * b ** 2 + b ** 3) / 4;
  }
  return sum / (quantiles.length - 1);
}

function quantile(work: WorkDistribution, probability: number): number {
  switch (work.kind) {
    case 'deterministic':
      return work.mean;
    case 'exponential':
      return -Math.log1p(-probability) * work.mean;
    case 'log-normal':
      return Math.exp(work.mu + work.sigma * normalQuantile(probability));
    case 'empirical': {
      const position = probability * (work.quantiles.length - 1);
      const below = Math.min(Math.floor(position), work.quantiles.length - 2);
      const [a, b] = [work.quantiles[below]!, work.quantiles[below + 1]!];
      return a + (position - below) * (b - a);
    }
  }
}

/** Acklam's rational approximation (2003), relative error below 1.2e-9. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_ABOVE, q) / (polynomial(TAIL_BELOW, q) * q + 1);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(CENTRE_ABOVE, r) * q) / (polynomial(CENTRE_BELOW, r) * r + 1);
}

const CENTRE_ABOVE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const CENTRE_BELOW = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
];
const TAIL_ABOVE = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
