import { logGamma } from '../../simulation/queueing/gamma.js';

/** An estimate with the limits between which the true value lies with 95 % confidence; null: there is nothing to go by. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export const NO_ESTIMATE: Estimate = { value: null, low: null, high: null };

/** Two-sided 95 % of the standard normal. */
const Z = 1.959963984540054;

/** A proportion with its score interval (Wilson 1927), which stays within [0, 1] and is honest for small counts. */
export function wilson(hits: number, of: number): Estimate {
  if (of === 0) return NO_ESTIMATE;
  const share = hits / of;
  const square = (Z * Z) / of;
  const centre = share + square / 2;
  const spread = Z * Math.sqrt((share * (1 - share)) / of + square / (4 * of));
  return {
    value: share,
    low: hits === 0 ? 0 : (centre - spread) / (1 + square),
    high: hits === of ? 1 : (centre + spread) / (1 + square),
  };
}

/** A rate with the exact interval of a Poisson count (Garwood 1936): `count` events in `exposure` units. */
export function garwood(count: number, exposure: number): Estimate {
  if (!(exposure > 0)) return NO_ESTIMATE;
  return {
    value: count / exposure,
    low: count === 0 ? 0 : meanWhere((mean) => 1 - poissonBelow(count - 1, mean), 0.025, count) / exposure,
    high: meanWhere((mean) => 1 - poissonBelow(count, mean), 0.975, count) / exposure,
  };
}

/** P(X <= k) of a Poisson variable. */
export function poissonBelow(k: number, mean: number): number {
  if (mean <= 0) return 1;
  let sum = 0;
  for (let i = 0; i <= k; i += 1) sum += Math.exp(i * Math.log(mean) - mean - logGamma(i + 1));
  return Math.min(1, sum);
}

/** The mean at which a rising function of it reaches `level`, by bisection. */
function meanWhere(rising: (mean: number) => number, level: number, count: number): number {
  let low = 0;
  let high = 2 * count + 20;
  for (let i = 0; i < 100; i += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
