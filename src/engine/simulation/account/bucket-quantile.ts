/**
 * Quantile of a histogram, interpolated on a logarithmic scale within its bucket: with bounds that grow by a constant
 * factor this is the better guess than Prometheus' linear one, and for the first bucket, which starts at 0, linear.
 *
 * @param bounds upper bounds, ascending; one more bucket follows them, open to the right
 * @param counts buckets, not cumulative; `counts[offset]` is the first
 * @param quantile 0 to 1
 * @returns in the unit of the bounds: NaN where nothing was counted, the last bound where the open bucket is hit
 */
export function bucketQuantile(bounds: Float64Array, counts: Float64Array, offset: number, quantile: number): number {
  let total = 0;
  for (let i = 0; i <= bounds.length; i++) total += counts[offset + i]!;
  if (!(total > 0)) return NaN;
  const rank = quantile * total;
  let below = 0;
  for (let i = 0; i < bounds.length; i++) {
    const count = counts[offset + i]!;
    if (count > 0 && below + count >= rank) {
      const share = Math.max(0, rank - below) / count;
      const upper = bounds[i]!;
      return i === 0 ? upper * share : bounds[i - 1]! * (upper / bounds[i - 1]!) ** share;
    }
    below += count;
  }
  return bounds[bounds.length - 1]!;
}
