/**
 * Quantile of a classic Prometheus histogram, as `histogram_quantile` computes it: linear interpolation within the
 * bucket of rank q × observations, 0 as the lower end of a first bucket whose bound is positive, and the highest finite
 * bound for what lies beyond it. Counts that are not monotone (scraped a moment apart) are lifted to be.
 *
 * NaN without observations, without a `+Inf` bucket, or with fewer than two buckets.
 *
 * @param q 0 to 1
 * @param bounds upper bounds, ascending, the last one Infinity
 * @param counts cumulative, one per bound: counts or rates alike; NaN where nothing is known of a bucket
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function histogramQuantile(
  q: number,
  bounds: Float64Array,
  counts: Float64Array,
  offset = 0,
  length = bounds.length,
): number {
  const last = length - 1;
  if (length < 2 || bounds[last] !== Infinity) return NaN;
  let total = 0;
  for (let i = 0; i < length; i += 1) if (counts[offset + i]! > total) total = counts[offset + i]!;
  if (!(total > 0) || !(counts[offset + last]! >= 0)) return NaN;
  const rank = q * total;
  let below = 0;
  let cumulative = 0;
  for (let i = 0; i < last; i += 1) {
    const count = counts[offset + i]!;
    if (count > cumulative) cumulative = count;
    if (cumulative >= rank) {
      const upper = bounds[i]!;
      if (i === 0 && upper <= 0) return upper;
      const lower = i === 0 ? 0 : bounds[i - 1]!;
      const inside = cumulative - below;
      return inside > 0 ? lower + (upper - lower) * ((rank - below) / inside) : lower;
    }
    below = cumulative;
  }
  return bounds[last - 1]!;
}
