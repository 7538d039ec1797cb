import { QuantityFormatError } from './quantity.errors.js';
import { scaleOfSuffix, type QuantityFormat } from './suffix.js';

/**
 * A Kubernetes quantity, already parsed. Plain data, so that specs and states serialise.
 * Source: kubernetes apimachinery pkg/api/resource/quantity.go.
 */
export interface Quantity {
  /** As the user wrote it. */
  readonly text: string;
  /** Thousandths of the unit as a whole number, rounded away from zero (`0.1m` is 1). The unit controllers count in. */
  readonly milli: number;
  /** The same in units, as Quantity.AsApproximateFloat64 gives it. */
  readonly value: number;
  readonly format: QuantityFormat;
}

/** Largest amount, 2^63 - 1; larger ones are capped. */
export const MAX_INT64 = 9_223_372_036_854_775_807n;
/** The same as a double, which is 2^63. */
export const MAX_INT64_NUMBER = Number(MAX_INT64);
const NANO = 1_000_000_000n;
const NANO_PER_MILLI = 1_000_000n;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[+-]?\d*)$/;
/** Exponents of ten beyond this are capped anyway. */
const LARGEST_EXPONENT = 40;

/**
 * Parses a quantity as YAML gives it: `1.23`, `500m`, `10Mi`, `1e3`, `2`, or a number.
 * @throws {QuantityFormatError} when it is none, with the API server's words.
 */
export function parseQuantity(input: string | number): Quantity {
  const text = String(input);
  const match = NUMBER.exec(text);
  if (!match || (match[2] === '' && !match[3])) throw new QuantityFormatError(text, 'format');
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const scale = scaleOfSuffix(suffix);
  if (!scale) throw new QuantityFormatError(text, 'suffix');
  if (Math.abs(scale.exponent) > LARGEST_EXPONENT) throw new QuantityFormatError(text, 'suffix');

  const nanos = toNanos(BigInt(`0${whole}${fraction}`), scale.base, scale.exponent, fraction.length);
  const capped = nanos > MAX_INT64 * NANO ? MAX_INT64 * NANO : nanos;
  const signed = sign === '-' ? -capped : capped;
  return { text, milli: milliOf(signed), value: approximateValue(signed), format: scale.format };
}

/** Quantity of a milli-value, printed in the format's canonical form. `milli` is a whole number. */
export function quantityOfMilli(milli: number, format: QuantityFormat, text: string): Quantity {
  // The same in plain numbers, where those are exact.
  if (Number.isSafeInteger(milli))
    return { text, milli, value: milli % 1000 === 0 ? milli / 1000 + 0 : milli * 0.001, format };
  return { text, milli, value: approximateValue(BigInt(Math.round(milli)) * NANO_PER_MILLI), format };
}

/**
 * Milli-value of a measured amount, rounded up as Quantity.MilliValue does: 0.25 cores are 250, 0.2501 are 251.
 * Differences below a millionth of a milli are float noise, not load.
 */
export function toMilliValue(amount: number): number {
  const milli = amount * 1000;
  const nearest = Math.round(milli);
  return Math.abs(milli - nearest) < 1e-6 ? nearest : Math.ceil(milli);
}

function toNanos(digits: bigint, base: 2 | 10, exponent: number, decimals: number): bigint {
  const tens = (base === 10 ? exponent : 0) - decimals + 9;
  const scaled = base === 2 ? digits << BigInt(exponent) : digits;
  if (tens >= 0) return scaled * 10n ** BigInt(tens);
  return divideAwayFromZero(scaled, 10n ** BigInt(-tens));
}

function milliOf(nanos: bigint): number {
  const milli = nanos < 0n ? -divideAwayFromZero(-nanos, NANO_PER_MILLI) : divideAwayFromZero(nanos, NANO_PER_MILLI);
  if (milli > MAX_INT64) return MAX_INT64_NUMBER;
  return milli < -MAX_INT64 ? -MAX_INT64_NUMBER : Number(milli);
}

function divideAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** Mantissa times a power of ten, in the canonical form the API server stores, hence in the controller's own digits. */
function approximateValue(nanos: bigint): number {
  for (const [unit, factor] of [
    [NANO, 1],
    [1_000_000n, 0.001],
    [1_000n, 1e-6],
  ] as const) {
    if (nanos % unit === 0n) return Number(nanos / unit) * factor;
  }
  return Number(nanos) * 1e-9;
}
