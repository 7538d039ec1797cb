import { MAX_INT64_NUMBER, quantityOfMilli, type Quantity } from './quantity.js';

const DECIMAL_SUFFIXES = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** resource.NewMilliQuantity(milli, DecimalSI): 500 is `500m`, 2000 is `2`, 2000000 is `2k`. */
export function decimalQuantity(milli: number): Quantity {
  return quantityOfMilli(capped(milli), 'DecimalSI', decimalText(capped(milli)));
}

/**
 * resource.NewMilliQuantity(milli, BinarySI), which the controller uses for memory: 1048576000 (1 MiB) is `1Mi`;
 * below 1024 units or with a fraction it prints in powers of 1000, so that nothing is lost.
 */
export function binaryQuantity(milli: number): Quantity {
  const value = capped(milli);
  const whole = value % 1000 === 0 && Math.abs(value / 1000) >= 1024;
  return quantityOfMilli(
    value,
    'BinarySI',
    whole ? withSuffix(value / 1000, 1024, BINARY_SUFFIXES) : decimalText(value),
  );
}

function decimalText(milli: number): string {
  return milli === 0 ? '0' : withSuffix(milli, 1000, DECIMAL_SUFFIXES);
}

/** The exponent is as large as possible with no fractional digits. */
function withSuffix(amount: number, step: number, suffixes: readonly string[]): string {
  if (Number.isSafeInteger(amount) && amount % step !== 0) return `${amount}${suffixes[0]}`;
  let mantissa = BigInt(amount);
  let index = 0;
  while (index < suffixes.length - 1 && mantissa % BigInt(step) === 0n) {
    mantissa /= BigInt(step);
    index += 1;
  }
  return `${mantissa}${suffixes[index]}`;
}

function capped(milli: number): number {
  return Math.max(-MAX_INT64_NUMBER, Math.min(MAX_INT64_NUMBER, Math.trunc(milli)));
}
