import { describe, expect, it } from 'vitest';
import { CorruptSnapshotError, decodeSnapshot, encodeSnapshot, type SnapshotEntry } from './snapshot-codec.js';

const ENTRIES: readonly SnapshotEntry[] = [
  { seriesId: 7, carry: { time: 1_793_714_700_123, value: -0.5, intervalMs: 14_999.5 }, state: Uint8Array.of(1, 2, 3) },
  { seriesId: 0x7fffffff, carry: { time: null, value: 0, intervalMs: 0 }, state: new Uint8Array(0) },
];

describe('snapshots of a shard', () => {
  it('come back as they were written', () => {
    const decoded = decodeSnapshot(encodeSnapshot(ENTRIES));
    expect(decoded.map((entry) => ({ ...entry, state: [...entry.state] }))).toEqual(
      ENTRIES.map((entry) => ({ ...entry, state: [...entry.state] })),
    );
    expect(decodeSnapshot(encodeSnapshot([]))).toEqual([]);
  });

  it('are refused wherever they are cut off', () => {
    const bytes = encodeSnapshot(ENTRIES);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeSnapshot(bytes.subarray(0, length)), `cut to ${length}`).toThrow(CorruptSnapshotError);
    }
  });

  it('say which format they have where it is another', () => {
    const bytes = encodeSnapshot(ENTRIES);
    bytes.writeUInt32LE(9, 4);
    expect(() => decodeSnapshot(bytes)).toThrow('format 9, this release reads 1');
  });
});
