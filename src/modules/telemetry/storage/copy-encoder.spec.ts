import { describe, expect, it } from 'vitest';
import { ChunkCopyEncoder } from './copy-encoder.js';

const EPOCH_MS = Date.UTC(2000, 0, 1);

describe('ChunkCopyEncoder', () => {
  it('writes header, rows and trailer as PostgreSQL documents them', () => {
    const encoder = new ChunkCopyEncoder(7);
    encoder.add(2 ** 40 + 5, EPOCH_MS + 1, EPOCH_MS - 1, 9, 3, Buffer.from('abc'));
    const bytes = Buffer.concat(encoder.finish());
    expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0');
    expect(bytes.readInt32BE(11), 'flags').toBe(0);
    expect(bytes.readInt32BE(15), 'header extension').toBe(0);
    let at = 19;
    expect(bytes.readInt16BE(at), 'fields').toBe(7);
    at += 2;
    const int64 = (): bigint => {
      expect(bytes.readInt32BE(at)).toBe(8);
      at += 12;
      return bytes.readBigInt64BE(at - 8);
    };
    const int32 = (): number => {
      expect(bytes.readInt32BE(at)).toBe(4);
      at += 8;
      return bytes.readInt32BE(at - 4);
    };
    expect([int64(), int64(), int64()]).toEqual([2n ** 40n + 5n, 1_000n, -1_000n]);
    expect([int32(), int32(), int32()]).toEqual([7, 9, 3]);
    expect(bytes.readInt32BE(at)).toBe(3);
    expect(bytes.subarray(at + 4, at + 7).toString()).toBe('abc');
    expect(bytes.readInt16BE(at + 7), 'trailer').toBe(-1);
    expect(bytes).toHaveLength(at + 9);
  });

  it('goes on in a new block where one is full, for payloads larger than a block too', () => {
    const encoder = new ChunkCopyEncoder(1);
    const sizes = [200_000, 200_000, 1_000_000, 0];
    for (const size of sizes) encoder.add(1, EPOCH_MS, EPOCH_MS, 1, 1, Buffer.alloc(size));
    const bytes = Buffer.concat(encoder.finish());
    expect(encoder.rows).toBe(4);
    expect(bytes).toHaveLength(19 + encoder.bytes + 2);
    expect(encoder.bytes).toBe(sizes.reduce((sum, size) => sum + size + 66, 0));
  });
});
