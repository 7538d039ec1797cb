/**
 * Two-sided probability of a count at least as unusual as `observed` where `expected` is the mean of a Poisson
 * distribution: twice the smaller tail, at most 1 (Clopper-Pearson style, as in Garwood 1936).
 */
export function poissonProbability(observed: number, expected: number): number {
  if (expected <= 0) return observed > 0 ? 0 : 1;
  const below = poissonCumulative(observed, expected);
  const atLeast = observed === 0 ? 1 : 1 - poissonCumulative(observed - 1, expected);
  return Math.min(1, 2 * Math.min(below, atLeast));
}

/** P(X <= k) of a Poisson distribution; by summing terms, in logarithms where the first one underflows. */
export function poissonCumulative(k: number, mean: number): number {
  let logTerm = -mean;
  let sum = 0;
  for (let i = 0; i <= k; i += 1) {
    if (i > 0) logTerm += Math.log(mean / i);
    sum += Math.exp(logTerm);
    // Beyond the mode the terms only shrink.
    if (i > mean && logTerm < -745) break;
  }
  return Math.min(1, sum);
}
