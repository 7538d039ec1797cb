/**
 * Quantile of a histogram as Prometheus computes it: linear within the bucket, the highest bound for what lies above
 * it; null without observations. Source: Prometheus documentation, `histogram_quantile`.
 *
 * @param counts per bucket, not cumulative; one more than there are bounds
 */
export function histogramQuantile(q: number, bounds: Float64Array, counts: Float64Array): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(total > 0) || bounds.length === 0) return null;
  const rank = q * total;
  let below = 0;
  for (let i = 0; i < bounds.length; i++) {
    const count = counts[i]!;
    if (below + count >= rank && count > 0) {
      const low = i === 0 ? 0 : bounds[i - 1]!;
      return low + ((bounds[i]! - low) * (rank - below)) / count;
    }
    below += count;
  }
  return bounds[bounds.length - 1]!;
}
