export const MAX_INT32 = 2_147_483_647;
const LARGEST_EXACT_PERCENT_BASE = Number.MAX_SAFE_INTEGER / 100;

/** Smallest whole number not below, held within int32 (Go leaves the overflow undefined; we cap it). */
export function ceilToInt32(value: number): number {
  if (value >= MAX_INT32) return MAX_INT32;
  if (!(value > -MAX_INT32)) return -MAX_INT32;
  return Math.ceil(value) + 0;
}

/** `part * 100 / whole` in integer arithmetic, truncated, as the controller reports utilization; whole is not 0. */
export function integerPercent(part: number, whole: number): number {
  if (Math.abs(part) <= LARGEST_EXACT_PERCENT_BASE) return Math.min(MAX_INT32, Math.trunc((part * 100) / whole));
  // Memory in thousandths of bytes times 100 leaves the range in which doubles are exact.
  return Math.min(MAX_INT32, Number((BigInt(Math.trunc(part)) * 100n) / BigInt(Math.trunc(whole))));
}
