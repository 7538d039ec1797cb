import type { ByteReader, ByteWriter } from './byte-stream.js';
import { CorruptTelemetryError } from './codec.errors.js';

/** Most significant bit first, in 32-bit words. The caller reserves room in the byte writer. */
export class BitWriter {
  private word = 0;
  private free = 32;

  constructor(private readonly out: ByteWriter) {}

  /** The lower `count` bits of `value`, 1 <= count <= 32; the bits above must be 0. */
  write(value: number, count: number): void {
    if (count <= this.free) {
      this.free -= count;
      this.word |= value << this.free;
      if (this.free === 0) {
        this.out.word(this.word);
        this.word = 0;
        this.free = 32;
      }
      return;
    }
    const over = count - this.free;
    this.out.word(this.word | (value >>> over));
    this.free = 32 - over;
    this.word = value << this.free;
  }

  /** Pads the last byte with zeros. */
  finish(): void {
    for (; this.free < 32; this.free += 8) {
      this.out.byte(this.word >>> 24);
      this.word <<= 8;
    }
    this.free = 32;
    this.word = 0;
  }
}

export class BitReader {
  private word = 0;
  private left = 0;
  private position: number;

  constructor(private readonly input: ByteReader) {
    this.position = input.position;
  }

  /** The next `count` bits, 1 <= count <= 32, as an unsigned number. */
  read(count: number): number {
    if (count <= this.left) {
      this.left -= count;
      return (this.word << (32 - this.left - count)) >>> (32 - count);
    }
    const need = count - this.left;
    const high = this.left === 0 ? 0 : (this.word << (32 - this.left)) >>> (32 - this.left);
    this.load();
    if (need > this.left) throw new CorruptTelemetryError('the bits end early');
    this.left -= need;
    const low = (this.word << (32 - this.left - need)) >>> (32 - need);
    return ((high << need) | low) >>> 0; // need is 32 only where high is 0
  }

  /** Loads the next word, or what is left of the input, right-aligned. */
  private load(): void {
    const view = this.input.view;
    const available = view.byteLength - this.position;
    if (available >= 4) {
      this.word = view.getInt32(this.position, false);
      this.position += 4;
      this.left = 32;
      return;
    }
    this.word = 0;
    for (let i = 0; i < available; i++) this.word = (this.word << 8) | view.getUint8(this.position++);
    this.left = available * 8;
  }
}
