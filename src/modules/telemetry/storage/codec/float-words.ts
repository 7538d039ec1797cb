const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Where the halves of float64 number i lie in `wordsOf`: at 2i + LOW_WORD and 2i + HIGH_WORD. */
export const LOW_WORD = LITTLE_ENDIAN ? 0 : 1;
export const HIGH_WORD = 1 - LOW_WORD;

/** The same memory as 32-bit halves. Copying floats one by one may change the payload of a NaN; halves never do. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Float64 numbers as stored bytes, little-endian; a view of the same memory where the machine is too. */
export function littleEndianBytes(values: Float64Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap64();
}

/** The reverse; `bytes` need not be aligned and has 8 bytes for each value. */
export function fillFromLittleEndian(values: Float64Array, bytes: Uint8Array): void {
  const target = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  target.set(bytes);
  if (!LITTLE_ENDIAN) target.swap64();
}
