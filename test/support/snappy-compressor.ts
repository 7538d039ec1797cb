const BLOCK_BYTES = 65536;
const HASH_BITS = 14;
const hashTable = new Uint16Array(1 << HASH_BITS);

/** Compresses into block-format snappy: greedy matches of four bytes or more within blocks of 64 KiB. */
export function compressSnappy(input: Uint8Array): Buffer {
  const output = Buffer.allocUnsafe(10 + input.length + Math.ceil(input.length / 6));
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let position = 0;
  let rest = input.length;
  while (rest >= 0x80) {
    output[position++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  output[position++] = rest;
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    position = compressBlock(input, view, start, Math.min(start + BLOCK_BYTES, input.length), output, position);
  }
  return output.subarray(0, position);
}

function compressBlock(
  input: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  output: Buffer,
  outputPosition: number,
): number {
  hashTable.fill(0);
  let out = outputPosition;
  let literal = start;
  let at = start + 1; // Entry 0 of the table means "none or the first byte": both are checked by comparing bytes.
  let misses = 32;
  while (at + 4 <= end) {
    const word = view.getInt32(at, true);
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = start + hashTable[hash]!;
    hashTable[hash] = at - start;
    if (candidate >= at || view.getInt32(candidate, true) !== word) {
      at += misses++ >>> 5;
      continue;
    }
    misses = 32;
    let size = 4;
    while (at + size < end && input[candidate + size] === input[at + size]) size++;
    out = writeLiteral(input, literal, at, output, out);
    out = writeCopy(at - candidate, size, output, out);
    at += size;
    literal = at;
  }
  return writeLiteral(input, literal, end, output, out);
}

function writeLiteral(input: Uint8Array, from: number, to: number, output: Buffer, outputPosition: number): number {
  const size = to - from;
  if (size === 0) return outputPosition;
  let out = outputPosition;
  const last = size - 1;
  if (last < 60) {
    output[out++] = last << 2;
  } else if (last < 256) {
    output[out++] = 60 << 2;
    output[out++] = last;
  } else {
    output[out++] = 61 << 2;
    output[out++] = last & 255;
    output[out++] = last >>> 8;
  }
  if (size < 32) for (let i = from; i < to; i++) output[out++] = input[i]!;
  else {
    output.set(input.subarray(from, to), out);
    out += size;
  }
  return out;
}

function writeCopy(offset: number, matchLength: number, output: Buffer, outputPosition: number): number {
  let out = outputPosition;
  let size = matchLength;
  while (size > 0) {
    // Leave no tail shorter than the four bytes that a short copy needs.
    const part = size > 64 ? (size < 68 ? 60 : 64) : size;
    if (part >= 4 && part <= 11 && offset < 2048) {
      output[out++] = 1 | ((part - 4) << 2) | ((offset >>> 8) << 5);
      output[out++] = offset & 255;
    } else {
      output[out++] = 2 | ((part - 1) << 2);
      output[out++] = offset & 255;
      output[out++] = offset >>> 8;
    }
    size -= part;
  }
  return out;
}
