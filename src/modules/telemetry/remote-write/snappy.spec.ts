import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compressSnappy } from '../../../../test/support/snappy-compressor.js';
import { MalformedWriteRequestError, WriteRequestTooLargeError } from './remote-write.errors.js';
import { decompressSnappy } from './snappy.js';

const LIMIT = 1 << 20;

describe('decompressSnappy', () => {
  it('reads literals and each kind of copy, overlapping ones too (format_description.txt)', () => {
    // "abcd", then copy-1 (offset 4, length 4), copy-2 (offset 1, length 5), copy-4 (offset 13, length 2).
    const input = Buffer.from([15, 0x0c, 0x61, 0x62, 0x63, 0x64, 0x01, 4, 0x12, 1, 0, 0x07, 13, 0, 0, 0]);
    expect(Buffer.from(decompressSnappy(input, LIMIT)).toString()).toBe('abcdabcdddddd' + 'ab');
  });

  it('gives back what was compressed', () => {
    const samples = [
      Buffer.alloc(0),
      Buffer.from('a'),
      Buffer.from('abcabcabcabcabcabcabcabcabcabcabcabc'),
      Buffer.alloc(200_000, 7),
      randomBytes(100_000),
      Buffer.from(Array.from({ length: 20_000 }, (_, i) => `pod-${i % 97}{le="${i}"}`).join('')),
    ];
    for (const sample of samples) {
      const compressed = compressSnappy(sample);
      expect(Buffer.compare(decompressSnappy(compressed, LIMIT), sample)).toBe(0);
    }
    expect(compressSnappy(samples[3]!).length).toBeLessThan(samples[3]!.length / 15);
  });

  it('refuses a bomb before it allocates', () => {
    const claimed = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
    expect(() => decompressSnappy(claimed, LIMIT)).toThrow(WriteRequestTooLargeError);
    expect(() => decompressSnappy(claimed, 2 ** 40)).toThrow(/cannot hold the claimed 4294967295/);
  });

  it.each([
    ['an empty body', []],
    ['a cut-off length', [0x80]],
    ['a length of six bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a literal past the input', [4, 0x0c, 1, 2]],
    ['a literal past the claimed length', [1, 0x04, 1, 2]],
    ['a cut-off literal length', [100, 0xf4, 1]],
    ['a copy before the start', [8, 0x00, 1, 0x01, 2]],
    ['a copy with offset 0', [8, 0x00, 1, 0x01, 0]],
    ['a cut-off copy', [8, 0x00, 1, 0x02, 1]],
    ['a copy past the claimed length', [3, 0x00, 1, 0x01, 1]],
    ['fewer bytes than claimed', [9, 0x00, 1]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decompressSnappy(Buffer.from(bytes), LIMIT)).toThrow(MalformedWriteRequestError);
  });

  it('answers every mutation and every random input with a result or a typed error', () => {
    const valid = compressSnappy(Buffer.from('http_requests_total{code="200"}'.repeat(50)));
    for (let i = 0; i < 20_000; i++) {
      const input = i % 2 === 0 ? randomBytes(i % 90) : Buffer.from(valid.subarray(0, valid.length - (i % 7)));
      if (i % 2 === 1) input[i % input.length] = i & 255;
      try {
        expect(decompressSnappy(input, LIMIT).length).toBeLessThanOrEqual(LIMIT);
      } catch (error) {
        if (!(error instanceof MalformedWriteRequestError || error instanceof WriteRequestTooLargeError)) throw error;
      }
    }
  });
});
