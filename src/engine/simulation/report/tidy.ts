/** Nine significant digits, without the noise of rounding; null for what is not a finite number. */
export function tidy(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : null;
}

/** As `tidy`, for numbers that are always finite. */
export function tidyCount(value: number): number {
  return Number(value.toPrecision(9));
}

/** Null where there is nothing to divide by. */
export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? tidy(part / whole) : null;
}
