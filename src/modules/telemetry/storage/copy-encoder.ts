/** Header of PostgreSQL's binary COPY format: signature, flags, length of the header extension. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const POSTGRES_EPOCH_MS = 946_684_800_000;
const BLOCK_BYTES = 256 * 1024;
const FIELDS = 7;
/** Everything of a row but its payload: field count, seven lengths, three 8-byte and three 4-byte fields. */
const ROW_BYTES = 2 + FIELDS * 4 + 3 * 8 + 3 * 4;

export const CHUNK_COLUMNS = 'sequence, start_time, end_time, environment_key, series_id, samples, payload';

/**
 * Rows of the chunk tables in binary COPY format (PostgreSQL documentation, COPY, "Binary Format"); `CHUNK_COLUMNS`
 * is their order.
 */
export class ChunkCopyEncoder {
  private readonly blocks: Buffer[] = [];
  private block = Buffer.allocUnsafe(BLOCK_BYTES);
  private at: number;
  rows = 0;
  bytes = 0;

  constructor(private readonly environmentKey: number) {
    this.at = SIGNATURE.copy(this.block);
  }

  /** Times in epoch milliseconds. */
  add(sequence: number, startMs: number, endMs: number, seriesId: number, samples: number, payload: Uint8Array): void {
    const length = ROW_BYTES + payload.length;
    if (this.at + length > this.block.length) this.nextBlock(length);
    const block = this.block;
    let at = block.writeInt16BE(FIELDS, this.at);
    at = writeInt64(block, at, sequence);
    at = writeInt64(block, at, (startMs - POSTGRES_EPOCH_MS) * 1000);
    at = writeInt64(block, at, (endMs - POSTGRES_EPOCH_MS) * 1000);
    at = writeInt32(block, at, this.environmentKey);
    at = writeInt32(block, at, seriesId);
    at = writeInt32(block, at, samples);
    at = block.writeInt32BE(payload.length, at);
    block.set(payload, at);
    this.at = at + payload.length;
    this.rows++;
    this.bytes += length;
  }

  /** The whole stream. The encoder is used up afterwards. */
  finish(): readonly Buffer[] {
    if (this.at + 2 > this.block.length) this.nextBlock(2);
    this.at = this.block.writeInt16BE(-1, this.at);
    this.blocks.push(this.block.subarray(0, this.at));
    return this.blocks;
  }

  private nextBlock(atLeast: number): void {
    this.blocks.push(this.block.subarray(0, this.at));
    this.block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, atLeast));
    this.at = 0;
  }
}

function writeInt32(block: Buffer, at: number, value: number): number {
  block.writeInt32BE(4, at);
  return block.writeInt32BE(value, at + 4);
}

/** For integers up to 2^53: no BigInt on the hot path. */
function writeInt64(block: Buffer, at: number, value: number): number {
  const high = Math.floor(value / 0x1_0000_0000);
  block.writeInt32BE(8, at);
  block.writeInt32BE(high, at + 4);
  return block.writeUInt32BE(value - high * 0x1_0000_0000, at + 8);
}
