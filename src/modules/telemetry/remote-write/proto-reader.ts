import { MalformedWriteRequestError } from './remote-write.errors.js';

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

/** Cursor over a protobuf message (protobuf.dev, "Encoding"). Every read is checked against `end`, never past it. */
export class ProtoReader {
  position = 0;
  end: number;
  readonly view: DataView;
  /** Where the decoder stands, for error messages: index of the series and the part of it. */
  seriesIndex = -1;
  part = '';

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }

  get where(): string {
    if (this.seriesIndex < 0) return this.part || 'message';
    return `timeseries[${this.seriesIndex}]${this.part && `.${this.part}`}`;
  }

  malformed(what: string): MalformedWriteRequestError {
    return new MalformedWriteRequestError(this.where, `${what} (byte ${this.position})`);
  }

  /** Unsigned varint that must fit 32 bits: tags, lengths and references. */
  varint32(): number {
    const bytes = this.bytes;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.position >= this.end) throw this.malformed('a number is cut off');
      const byte = bytes[this.position++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw this.malformed('a number exceeds 32 bits');
  }

  /** Field tag, one byte in every field we know. */
  tag(): number {
    if (this.position < this.end) {
      const byte = this.bytes[this.position]!;
      if (byte < 0x80) {
        this.position++;
        if (byte < 8) throw this.malformed('field number 0');
        return byte;
      }
    }
    const tag = this.varint32();
    if (tag < 8) throw this.malformed('field number 0');
    return tag;
  }

  /** Length of a delimited field that must end within the current message. Answers where it ends. */
  delimitedEnd(): number {
    const bytes = this.bytes;
    let length: number;
    if (this.position < this.end && bytes[this.position]! < 0x80) length = bytes[this.position++]!;
    else length = this.varint32();
    if (length > this.end - this.position)
      throw this.malformed(`a length of ${length} runs past the end of its message`);
    return this.position + length;
  }

  /**
   * Signed 64-bit varint (int64: two's complement, ten bytes when negative). Exact up to 2^53 on either side; beyond
   * that the nearest double, which every caller refuses as out of range.
   */
  int64(): number {
    const bytes = this.bytes;
    const start = this.position;
    const available = this.end - start;
    if (available >= 6) {
      // Epoch milliseconds of our age: exactly six bytes.
      const b3 = bytes[start + 3]!;
      const b5 = bytes[start + 5]!;
      if ((bytes[start]! & bytes[start + 1]! & bytes[start + 2]! & b3 & bytes[start + 4]! & 0x80) !== 0 && b5 < 0x80) {
        this.position = start + 6;
        const low =
          (bytes[start]! & 0x7f) |
          ((bytes[start + 1]! & 0x7f) << 7) |
          ((bytes[start + 2]! & 0x7f) << 14) |
          ((b3 & 0x7f) << 21);
        return ((bytes[start + 4]! & 0x7f) | (b5 << 7)) * 268435456 + low;
      }
    }
    // Four groups of 7 bits each in `low` and `middle`, the last 8 bits in `high`.
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.position >= this.end) throw this.malformed('a number is cut off');
      const byte = bytes[this.position++]!;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i < 8) middle |= bits << (7 * (i - 4));
      else high |= bits << (7 * (i - 8));
      if (byte >= 0x80) continue;
      if (high > 0xff) break;
      if (high < 0x80) return high * 72057594037927936 + middle * 268435456 + low;
      // Negative: minus the two's complement of the magnitude.
      const lowComplement = ~low & 0xfffffff;
      const middleComplement = ~middle & 0xfffffff;
      return -((~high & 0xff) * 72057594037927936 + middleComplement * 268435456 + lowComplement) - 1;
    }
    throw this.malformed('a number exceeds 64 bits');
  }

  /** Skips a field that we do not know, or do not need. */
  skip(wireType: number): void {
    switch (wireType) {
      case VARINT:
        this.int64();
        return;
      case FIXED64:
        this.advance(8);
        return;
      case LENGTH_DELIMITED:
        this.position = this.delimitedEnd();
        return;
      case FIXED32:
        this.advance(4);
        return;
      default:
        throw this.malformed(`wire type ${wireType} (groups are not part of proto3)`);
    }
  }

  /** Moves over a fixed-width field and answers where it began. */
  advance(bytes: number): number {
    if (bytes > this.end - this.position) throw this.malformed('a fixed-width number is cut off');
    const start = this.position;
    this.position += bytes;
    return start;
  }
}
