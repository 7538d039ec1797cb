import { poissonBelow } from '../../../../engine/scorecard/statistics/intervals.js';

/**
 * Two-sided probability of a count at least as unusual as `observed` where `expected` is the mean of a Poisson
 * distribution: twice the smaller tail, at most 1 (Clopper-Pearson style, as in Garwood 1936).
 */
export function poissonProbability(observed: number, expected: number): number {
  if (expected <= 0) return observed > 0 ? 0 : 1;
  const below = poissonBelow(observed, expected);
  const atLeast = observed === 0 ? 1 : 1 - poissonBelow(observed - 1, expected);
  return Math.min(1, 2 * Math.min(below, atLeast));
}
