/** A measured number for people: at most four significant digits, no exponent between 0.001 and a billion. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return value.toExponential(2);
  if (size >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(4)));
}
