import { BitReader, BitWriter } from './bit-stream.js';
import type { ByteReader, ByteWriter } from './byte-stream.js';
import { CorruptTelemetryError } from './codec.errors.js';
import { HIGH_WORD, LOW_WORD, wordsOf } from './float-words.js';

/** A new window costs 11 bits more than the old one: take it only where it saves more than that. */
const WINDOW_BITS = 11;

/**
 * XOR compression of float64 values: Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database",
 * VLDB 2015, section 4.1.2. `0`: same as before; `10`: bits inside the previous window; `11`: 5 bits of leading
 * zeros, 6 bits of length - 1, then the bits. Works on 32-bit halves, so every bit pattern survives.
 */
export function writeXorValues(out: ByteWriter, values: Float64Array, from: number, to: number): void {
  out.reserve(10 * (to - from) + 16);
  const words = wordsOf(values);
  const bits = new BitWriter(out);
  let previousLow = words[2 * from + LOW_WORD]!;
  let previousHigh = words[2 * from + HIGH_WORD]!;
  bits.write(previousHigh, 32);
  bits.write(previousLow, 32);
  let windowLeading = 64;
  let windowTrailing = 64;
  for (let i = from + 1; i < to; i++) {
    const low = words[2 * i + LOW_WORD]!;
    const high = words[2 * i + HIGH_WORD]!;
    const xorLow = (low ^ previousLow) >>> 0;
    const xorHigh = (high ^ previousHigh) >>> 0;
    previousLow = low;
    previousHigh = high;
    if (xorLow === 0 && xorHigh === 0) {
      bits.write(0, 1);
      continue;
    }
    const leading = xorHigh !== 0 ? Math.clz32(xorHigh) : 31; // five bits: no more than 31
    const trailing = xorLow !== 0 ? trailingZeros(xorLow) : 32 + trailingZeros(xorHigh);
    const length = 64 - leading - trailing;
    const windowLength = 64 - windowLeading - windowTrailing;
    if (leading >= windowLeading && trailing >= windowTrailing && windowLength - length <= WINDOW_BITS) {
      bits.write(2, 2);
    } else {
      windowLeading = leading;
      windowTrailing = trailing;
      bits.write(3, 2);
      bits.write((leading << 6) | (length - 1), 11);
    }
    writeWindow(bits, xorHigh, xorLow, windowLeading, windowTrailing);
  }
  bits.finish();
}

export function readXorValues(input: ByteReader, values: Float64Array): void {
  const words = wordsOf(values);
  const bits = new BitReader(input);
  let high = bits.read(32);
  let low = bits.read(32);
  words[HIGH_WORD] = high;
  words[LOW_WORD] = low;
  let trailing = 0;
  let length = 0;
  for (let i = 1; i < values.length; i++) {
    if (bits.read(1) === 1) {
      if (bits.read(1) === 1) {
        const header = bits.read(11);
        length = (header & 63) + 1;
        trailing = 64 - (header >>> 6) - length;
        if (trailing < 0) throw new CorruptTelemetryError('an XOR window is wider than a value');
      } else if (length === 0) {
        throw new CorruptTelemetryError('an XOR window is used before it is set');
      }
      const upper = length > 32 ? bits.read(length - 32) : 0;
      const lower = bits.read(length > 32 ? 32 : length);
      if (trailing >= 32) {
        high ^= lower << (trailing - 32);
      } else if (trailing === 0) {
        high ^= upper;
        low ^= lower;
      } else {
        high ^= (upper << trailing) | (lower >>> (32 - trailing));
        low ^= lower << trailing;
      }
    }
    words[2 * i + HIGH_WORD] = high;
    words[2 * i + LOW_WORD] = low;
  }
}

function writeWindow(bits: BitWriter, high: number, low: number, leading: number, trailing: number): void {
  const length = 64 - leading - trailing;
  if (trailing >= 32) {
    bits.write(high >>> (trailing - 32), length);
    return;
  }
  const lower = trailing === 0 ? low : (low >>> trailing) | (high << (32 - trailing));
  if (length > 32) bits.write(high >>> trailing, length - 32);
  bits.write(length >= 32 ? lower : lower & ((1 << length) - 1), Math.min(length, 32));
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
