import { CorruptTelemetryError } from './codec.errors.js';

/** Growing buffer that is kept between uses; `take` copies what was written. */
export class ByteWriter {
  position = 0;
  private bytes = Buffer.allocUnsafe(1 << 14);
  private view = viewOf(this.bytes);

  /** Room for this many more bytes; call it before writing. */
  reserve(more: number): void {
    const needed = this.position + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.position));
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  byte(value: number): void {
    this.bytes[this.position++] = value;
  }

  uint32(value: number): void {
    this.view.setUint32(this.position, value, true);
    this.position += 4;
  }

  /** Big-endian, as bit streams want it. */
  word(value: number): void {
    this.view.setInt32(this.position, value, false);
    this.position += 4;
  }

  /** LEB128 of an integer in [0, 2^53): at most eight bytes. */
  varint(value: number): void {
    let rest = value;
    while (rest > 0x7fffffff) {
      this.bytes[this.position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    let low = rest | 0;
    while (low >= 0x80) {
      this.bytes[this.position++] = (low & 0x7f) | 0x80;
      low >>>= 7;
    }
    this.bytes[this.position++] = low;
  }

  /** Signed integer in (-2^52, 2^52), small magnitudes in few bytes. */
  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : value * -2 - 1);
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** A copy of what was written; the writer starts over. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.position));
    this.position = 0;
    return taken;
  }
}

/** Reads what `ByteWriter` wrote, never past the end. */
export class ByteReader {
  position = 0;
  readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = viewOf(bytes);
  }

  byte(): number {
    if (this.position >= this.bytes.length) throw cutOff();
    return this.bytes[this.position++]!;
  }

  varint(): number {
    const bytes = this.bytes;
    const first = this.position < bytes.length ? bytes[this.position]! : 0x80;
    if (first < 0x80) {
      this.position++;
      return first;
    }
    let value = 0;
    for (let scale = 1, i = 0; i < 8; i++, scale *= 128) {
      if (this.position >= bytes.length) throw cutOff();
      const byte = bytes[this.position++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new CorruptTelemetryError('a number is longer than eight bytes');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : (value + 1) / -2;
  }

  /** The next `length` bytes, as a view. */
  raw(length: number): Uint8Array {
    if (length > this.bytes.length - this.position) throw cutOff();
    const start = this.position;
    this.position += length;
    return this.bytes.subarray(start, this.position);
  }
}

function cutOff(): CorruptTelemetryError {
  return new CorruptTelemetryError('the bytes end early');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
