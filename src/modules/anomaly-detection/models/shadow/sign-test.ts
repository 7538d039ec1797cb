/**
 * How often chance alone makes two counts at least this different where both are equally likely: the exact two-sided
 * sign test. For two Poisson counts over the same exposure this is the conditional test of equal rates (Przyborowski
 * and Wilenski 1940); for stretches that only one of two judges found it is the exact test of McNemar (1947).
 */
export function signTest(one: number, other: number): number {
  const all = one + other;
  const least = Math.min(one, other);
  // Terms of Binomial(all, 1/2), in logarithms: 2^-all underflows from 1,075 on.
  let logTerm = -all * Math.LN2;
  let below = 0;
  for (let k = 0; k <= least; k += 1) {
    if (k > 0) logTerm += Math.log((all - k + 1) / k);
    below += Math.exp(logTerm);
  }
  return Math.min(1, 2 * below);
}
