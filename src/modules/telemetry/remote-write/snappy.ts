import { MalformedWriteRequestError, WriteRequestTooLargeError } from './remote-write.errors.js';

/** Three bytes (tag, 16-bit offset) yield at most 64: no valid stream grows more than this. */
const MAX_EXPANSION = 22;
/** Below this many bytes a loop beats a call into native code. */
const NATIVE_COPY_BYTES = 32;

/**
 * Decompresses block-format snappy (google/snappy, format_description.txt; never the framed format).
 *
 * @param maxLength most bytes the result may have; the claimed length is checked before anything is allocated
 * @throws WriteRequestTooLargeError, MalformedWriteRequestError
 */
export function decompressSnappy(input: Uint8Array, maxLength: number): Uint8Array {
  const inputLength = input.length;
  let length = 0;
  let position = 0;
  for (let shift = 0; ; shift += 7) {
    if (position >= inputLength || position >= 5)
      throw malformed(position, 'the length at the front is cut off or too long');
    const byte = input[position++]!;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > 0xffffffff) throw malformed(0, 'the claimed length exceeds 32 bits');
  if (length > maxLength) throw new WriteRequestTooLargeError(length, maxLength);
  if (length > inputLength * MAX_EXPANSION)
    throw malformed(0, `${inputLength} bytes cannot hold the claimed ${length}`);

  // Every byte is written below or the call throws, so that no stale memory gets out.
  const output = Buffer.allocUnsafe(length);
  let written = 0;
  while (position < inputLength) {
    const tag = input[position++]!;
    let size: number;
    if ((tag & 3) === 0) {
      size = (tag >>> 2) + 1;
      if (size > 60) {
        const extra = size - 60;
        if (position + extra > inputLength) throw malformed(position, 'a literal length is cut off');
        size = 0;
        for (let i = extra - 1; i >= 0; i--) size = size * 256 + input[position + i]!;
        size += 1;
        position += extra;
      }
      if (size > inputLength - position) throw malformed(position, 'a literal runs past the end of the input');
      if (size > length - written) throw malformed(position, 'a literal runs past the claimed length');
      if (size < NATIVE_COPY_BYTES) {
        for (let i = 0; i < size; i++) output[written + i] = input[position + i]!;
      } else {
        output.set(input.subarray(position, position + size), written);
      }
      position += size;
      written += size;
      continue;
    }
    let offset: number;
    if ((tag & 3) === 1) {
      if (position >= inputLength) throw malformed(position, 'a copy is cut off');
      size = ((tag >>> 2) & 7) + 4;
      offset = ((tag >>> 5) << 8) | input[position++]!;
    } else if ((tag & 3) === 2) {
      if (position + 2 > inputLength) throw malformed(position, 'a copy is cut off');
      size = (tag >>> 2) + 1;
      offset = input[position]! | (input[position + 1]! << 8);
      position += 2;
    } else {
      if (position + 4 > inputLength) throw malformed(position, 'a copy is cut off');
      size = (tag >>> 2) + 1;
      offset =
        (input[position]! |
          (input[position + 1]! << 8) |
          (input[position + 2]! << 16) |
          (input[position + 3]! << 24)) >>>
        0;
      position += 4;
    }
    if (offset === 0 || offset > written) throw malformed(position, 'a copy points before the start of the output');
    if (size > length - written) throw malformed(position, 'a copy runs past the claimed length');
    // Source and target may overlap: that repeats a pattern, so copy upwards byte by byte.
    const source = written - offset;
    if (size >= NATIVE_COPY_BYTES && offset >= size) output.copyWithin(written, source, source + size);
    else for (let i = 0; i < size; i++) output[written + i] = output[source + i]!;
    written += size;
  }
  if (written !== length)
    throw malformed(inputLength, `the input ends after ${written} of the claimed ${length} bytes`);
  return output;
}

function malformed(position: number, what: string): MalformedWriteRequestError {
  return new MalformedWriteRequestError(`snappy byte ${position}`, `${what} (block format is expected, not framed)`);
}
