import { BitReader, BitWriter } from './bit-stream.js';
import type { ByteReader, ByteWriter } from './byte-stream.js';
import { CorruptTelemetryError } from './codec.errors.js';

const BLOCK = 32;
const WIDTH_BITS = 6;
const MAX_EXPONENT = 10;
const MAX_SCALED = 2 ** 51;
const POWERS_OF_TEN = Float64Array.from({ length: MAX_EXPONENT + 1 }, (_, i) => Number(`1e${i}`));

let scaled = new Float64Array(1024);
let residuals = new Uint32Array(1024);

/** How a run of values packs as decimals: value i is an integer / 10^exponent, kept in `scaled`. */
interface DecimalPlan {
  readonly exponent: number;
  /** Differences to the value before; otherwise to the smallest value. */
  readonly delta: boolean;
  readonly base: number;
  /** Trailing zero bits that all differences share: multiples of 4096 bytes need 12 bits less each. */
  readonly shift: number;
}

/**
 * Tries values as decimals with few places, which most metrics are (counts, bytes, rounded seconds, ratios): after
 * Afroozeh et al., "ALP: Adaptive Lossless floating-Point Compression", SIGMOD 2023, with differences in place of
 * ALP's exceptions. Lossless by construction: each value is divided back and compared before it is accepted.
 * Answers undefined where that does not hold (NaN, infinities, -0, more places, differences beyond 32 bits).
 */
export function planDecimals(values: Float64Array, from: number, to: number): DecimalPlan | undefined {
  const count = to - from;
  const exponent = commonExponent(values, from, to);
  if (exponent < 0) return undefined;
  if (scaled.length < count) scaled = new Float64Array(count * 2);
  const power = POWERS_OF_TEN[exponent]!;
  let min = Infinity;
  let max = -Infinity;
  let deltasFit = true;
  let deltaBits = 0;
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const value = values[from + i]!;
    const integer = Math.round(value * power);
    if (integer / power !== value) return undefined;
    scaled[i] = integer;
    if (integer < min) min = integer;
    if (integer > max) max = integer;
    if (i > 0) {
      const delta = integer - previous;
      deltasFit &&= delta >= -0x40000000 && delta < 0x40000000;
      deltaBits |= delta;
    }
    previous = integer;
  }
  const rangeFits = max - min <= 0xffffffff;
  if (!rangeFits && !deltasFit) return undefined;
  let rangeBits = 0;
  for (let i = 0; rangeFits && i < count; i++) rangeBits |= (scaled[i]! - min) >>> 0;
  const deltaPlan = { exponent, delta: true, base: scaled[0]!, shift: sharedZeros(deltaBits) };
  const rangePlan = { exponent, delta: false, base: min, shift: sharedZeros(rangeBits) };
  if (!rangeFits) return deltaPlan;
  if (!deltasFit) return rangePlan;
  return packedBits(count, deltaPlan) <= packedBits(count, rangePlan) ? deltaPlan : rangePlan;
}

/** Layout: exponent, shift, zigzag base, then blocks of 32 differences: 6 bits of width and the bits themselves. */
export function writeDecimals(out: ByteWriter, count: number, plan: DecimalPlan): void {
  out.reserve(5 * count + 32);
  out.byte(plan.exponent);
  out.byte(plan.shift);
  out.zigzag(plan.base);
  fillResiduals(count, plan);
  const bits = new BitWriter(out);
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    const width = blockWidth(start, end);
    bits.write(width, WIDTH_BITS);
    if (width > 0) for (let i = start; i < end; i++) bits.write(residuals[i]!, width);
  }
  bits.finish();
}

export function readDecimals(input: ByteReader, delta: boolean, values: Float64Array): void {
  const count = values.length;
  const exponent = input.byte();
  const shift = input.byte();
  const power = POWERS_OF_TEN[exponent];
  if (power === undefined || shift > 31) throw new CorruptTelemetryError('a decimal header is out of range');
  const scale = 2 ** shift;
  const base = input.zigzag();
  const bits = new BitReader(input);
  let integer = base;
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    const width = bits.read(WIDTH_BITS);
    if (width > 32) throw new CorruptTelemetryError('a block is wider than 32 bits');
    if (width === 0) {
      values.fill((delta ? integer : base) / power, start, end);
    } else if (delta) {
      for (let i = start; i < end; i++) {
        const zigzag = bits.read(width);
        integer += ((zigzag >>> 1) ^ -(zigzag & 1)) * scale;
        values[i] = integer / power;
      }
    } else {
      for (let i = start; i < end; i++) values[i] = (base + bits.read(width) * scale) / power;
    }
  }
}

/** Smallest number of decimal places that fits all values, or -1. */
function commonExponent(values: Float64Array, from: number, to: number): number {
  let exponent = 0;
  let power = 1;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value === 0 && Object.is(value, -0)) return -1;
    for (;;) {
      const integer = Math.round(value * power);
      if (!(integer < MAX_SCALED && integer > -MAX_SCALED)) return -1;
      if (integer / power === value) break;
      if (++exponent > MAX_EXPONENT) return -1;
      power = POWERS_OF_TEN[exponent]!;
    }
  }
  return exponent;
}

function fillResiduals(count: number, { delta, base, shift }: DecimalPlan): void {
  if (residuals.length < count) residuals = new Uint32Array(count * 2);
  if (!delta) {
    for (let i = 0; i < count; i++) residuals[i] = (scaled[i]! - base) >>> shift;
    return;
  }
  let previous = base;
  for (let i = 0; i < count; i++) {
    const difference = (scaled[i]! - previous) >> shift;
    residuals[i] = (difference << 1) ^ (difference >> 31);
    previous = scaled[i]!;
  }
}

function packedBits(count: number, plan: DecimalPlan): number {
  fillResiduals(count, plan);
  let bits = 0;
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    bits += blockWidth(start, end) * (end - start);
  }
  return bits;
}

function blockWidth(start: number, end: number): number {
  let all = 0;
  for (let i = start; i < end; i++) all |= residuals[i]!;
  return 32 - Math.clz32(all);
}

function sharedZeros(bits: number): number {
  return bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
}
