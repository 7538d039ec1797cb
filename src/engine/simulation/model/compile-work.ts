import type { DistributionSpec } from '../../scenario/component.types.js';
import { CannotCompileError } from './compile.errors.js';
import type { WorkDistribution } from './network.types.js';

/** 99th percentile of the standard normal distribution. */
export const NORMAL_P99 = 2.3263478740408408;

/** Largest p99 / mean that a log-normal distribution can have: exp(z^2 / 2), about 14.97, at sigma = z. */
export const MAX_P99_TO_MEAN = Math.exp(NORMAL_P99 ** 2 / 2);

/**
 * Fixes the parameters of a distribution of work, seconds.
 *
 * @throws CannotCompileError where no such distribution exists
 */
export function compileWork(spec: DistributionSpec): WorkDistribution {
  switch (spec.kind) {
    case 'deterministic':
      return deterministic(positive(spec.mean, 'mean'));
    case 'exponential':
      return { kind: 'exponential', mean: positive(spec.mean, 'mean'), scv: 1 };
    case 'log-normal':
      return logNormal(positive(spec.mean, 'mean'), spec.p99);
    case 'empirical':
      return empirical(spec.quantiles);
  }
}

/**
 * exp(mu + sigma Z) with this mean and 99th percentile. From mean = exp(mu + sigma^2 / 2) and p99 = exp(mu + z sigma)
 * follows sigma^2 / 2 - z sigma + ln(p99 / mean) = 0; of its two roots the smaller is meant, as the larger one has a
 * median far below the mean.
 */
function logNormal(mean: number, p99: number): WorkDistribution {
  const ratio = p99 / mean;
  if (!(ratio >= 1 && ratio <= MAX_P99_TO_MEAN)) {
    throw new CannotCompileError(
      `No log-normal distribution has mean ${mean} s and p99 ${p99} s: p99 must be 1 to ${MAX_P99_TO_MEAN.toFixed(2)} times the mean.`,
    );
  }
  const sigma = NORMAL_P99 - Math.sqrt(Math.max(0, NORMAL_P99 ** 2 - 2 * Math.log(ratio)));
  if (sigma === 0) return deterministic(mean);
  return { kind: 'log-normal', mean, scv: Math.expm1(sigma ** 2), mu: Math.log(mean) - sigma ** 2 / 2, sigma };
}

/** Moments by integration of the quantile function, which is linear between its points. */
function empirical(points: readonly number[]): WorkDistribution {
  const quantiles = Float64Array.from(points);
  let mean = 0;
  let square = 0;
  for (let i = 1; i < quantiles.length; i++) {
    const a = quantiles[i - 1]!;
    const b = quantiles[i]!;
    if (!(a >= 0 && b >= a && Number.isFinite(b))) {
      throw new CannotCompileError('Quantiles must be finite, not negative and ascending.');
    }
    mean += (a + b) / 2;
    square += (a * a + a * b + b * b) / 3;
  }
  if (quantiles.length < 2) throw new CannotCompileError('An empirical distribution needs at least two quantiles.');
  mean /= quantiles.length - 1;
  square /= quantiles.length - 1;
  if (mean === 0) throw new CannotCompileError('An empirical distribution needs a quantile above 0.');
  return { kind: 'empirical', mean, scv: Math.max(0, square / mean ** 2 - 1), quantiles };
}

function deterministic(mean: number): WorkDistribution {
  return { kind: 'deterministic', mean, scv: 0 };
}

function positive(value: number, what: string): number {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new CannotCompileError(`The ${what} of a distribution must be above 0, got ${value}.`);
  }
  return value;
}
