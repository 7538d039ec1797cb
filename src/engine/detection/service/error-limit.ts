/**
 * Limit of the squared prediction error that calm points pass once in 1 / (1 - confidence): Jackson and Mudholkar,
 * Control procedures for residuals associated with principal component analysis, Technometrics 21 (1979). The moments
 * of the eigenvalues that were left out are taken from the mean and variance of the error itself (Nomikos and
 * MacGregor, Technometrics 37, 1995): a weighted sum of squares has mean θ1 and variance 2 θ2, and θ3 = θ2² / θ1 is that
 * of equal weights.
 *
 * @param quantile of the standard normal distribution at the confidence, 3.09 for 99.9 %
 */
export function squaredErrorLimit(mean: number, variance: number, quantile: number): number {
  if (!(mean > 0)) return NaN;
  const theta2 = variance / 2;
  if (!(theta2 > 0)) return mean;
  const theta3 = (theta2 * theta2) / mean;
  const h = 1 - (2 * mean * theta3) / (3 * theta2 * theta2);
  const root = (quantile * Math.sqrt(2 * theta2 * h * h)) / mean + 1 + (theta2 * h * (h - 1)) / (mean * mean);
  return root > 0 ? mean * Math.pow(root, 1 / h) : mean;
}
