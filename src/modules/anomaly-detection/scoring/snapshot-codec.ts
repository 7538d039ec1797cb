import type { ResampleCarry } from '../../../engine/detection/resample.js';

/** What is kept of one series of a shard between two processes. */
export interface SnapshotEntry {
  readonly seriesId: number;
  readonly carry: ResampleCarry;
  /** As the detector serialised it. */
  readonly state: Uint8Array;
}

export class CorruptSnapshotError extends Error {
  constructor(reason: string) {
    super(`the snapshot is corrupt: ${reason}`);
    this.name = 'CorruptSnapshotError';
  }
}

/** `DSAD` as a little-endian number. */
const MAGIC = 0x44_41_53_44;
const FORMAT = 1;
const HEADER_BYTES = 12;
const ENTRY_BYTES = 32;

/**
 * Layout, little-endian: u32 magic, u32 format, u32 entries; then for each entry u32 series id, f64 time of the newest
 * sample (NaN where there is none), f64 its value, f64 smoothed interval, u32 bytes of the state, the state.
 */
export function encodeSnapshot(entries: readonly SnapshotEntry[]): Buffer {
  const length = entries.reduce((sum, { state }) => sum + ENTRY_BYTES + state.length, HEADER_BYTES);
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(FORMAT, 4);
  bytes.writeUInt32LE(entries.length, 8);
  let at = HEADER_BYTES;
  for (const { seriesId, carry, state } of entries) {
    bytes.writeUInt32LE(seriesId, at);
    bytes.writeDoubleLE(carry.time ?? NaN, at + 4);
    bytes.writeDoubleLE(carry.value, at + 12);
    bytes.writeDoubleLE(carry.intervalMs, at + 20);
    bytes.writeUInt32LE(state.length, at + 28);
    bytes.set(state, at + ENTRY_BYTES);
    at += ENTRY_BYTES + state.length;
  }
  return bytes;
}

/** @throws CorruptSnapshotError */
export function decodeSnapshot(bytes: Buffer): SnapshotEntry[] {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) throw new CorruptSnapshotError('not a snapshot');
  const format = bytes.readUInt32LE(4);
  if (format !== FORMAT) throw new CorruptSnapshotError(`format ${format}, this release reads ${FORMAT}`);
  const count = bytes.readUInt32LE(8);
  const entries: SnapshotEntry[] = [];
  let at = HEADER_BYTES;
  for (let i = 0; i < count; i += 1) {
    const end = at + ENTRY_BYTES <= bytes.length ? at + ENTRY_BYTES + bytes.readUInt32LE(at + 28) : Infinity;
    if (end > bytes.length) throw new CorruptSnapshotError(`it ends within entry ${i + 1} of ${count}`);
    const time = bytes.readDoubleLE(at + 4);
    entries.push({
      seriesId: bytes.readUInt32LE(at),
      carry: {
        time: Number.isNaN(time) ? null : time,
        value: bytes.readDoubleLE(at + 12),
        intervalMs: bytes.readDoubleLE(at + 20),
      },
      state: bytes.subarray(at + ENTRY_BYTES, end),
    });
    at = end;
  }
  return entries;
}
