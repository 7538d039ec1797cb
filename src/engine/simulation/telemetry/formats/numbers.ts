/** A bucket's bound as OpenMetrics writes it ("Canonical Numbers"), and as Prometheus 3 stores it: `1.0`, `0.25`, `+Inf`. */
export function formatBound(bound: number): string {
  if (bound === Infinity) return '+Inf';
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

/** A sample's value in Prometheus text and OpenMetrics. */
export function formatValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
