import {
  createWindowMemory,
  MEMORY_FLOATS,
  type WindowMemory,
} from '../../../../engine/detection/learned/window-memory.js';
import { WINDOW_MODEL } from '../../../../engine/detection/learned/window-model.js';
import type { EpochMs } from '../../../../kernel/clock.js';

/** What the models of a shard remember of its series, at one position. */
export interface StoredMemories {
  /** Of the snapshot that they belong to: states of another position must not be joined with them. */
  readonly takenUntil: EpochMs;
  readonly models: readonly StoredMemory[];
}

export interface StoredMemory {
  readonly modelId: string;
  readonly series: readonly { readonly seriesId: number; readonly memory: WindowMemory }[];
}

export class CorruptMemoriesError extends Error {
  constructor(reason: string) {
    super(`what models remembered is corrupt: ${reason}`);
    this.name = 'CorruptMemoriesError';
  }
}

/** `DSAM` as a little-endian number. */
const MAGIC = 0x4d_41_53_44;
const FORMAT = 1;
const HEADER_BYTES = 20;
const SERIES_BYTES = 16 + MEMORY_FLOATS * 4;
const [, CAPACITY] = WINDOW_MODEL.inputs.memory;

/**
 * Layout, little-endian: u32 magic, u32 format, f64 position, u32 models; for each model u32 bytes of its id, the id,
 * u32 series; for each series u32 id, u32 count, u32 next, u32 waited, the embeddings as f32.
 */
export function encodeMemories({ takenUntil, models }: StoredMemories): Buffer {
  const ids = models.map(({ modelId }) => Buffer.from(modelId));
  const length = models.reduce(
    (sum, { series }, i) => sum + 8 + ids[i]!.length + series.length * SERIES_BYTES,
    HEADER_BYTES,
  );
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(FORMAT, 4);
  bytes.writeDoubleLE(takenUntil, 8);
  bytes.writeUInt32LE(models.length, 16);
  let at = HEADER_BYTES;
  models.forEach(({ series }, i) => {
    at = bytes.writeUInt32LE(ids[i]!.length, at);
    at += ids[i]!.copy(bytes, at);
    at = bytes.writeUInt32LE(series.length, at);
    for (const { seriesId, memory } of series) {
      at = bytes.writeUInt32LE(seriesId, at);
      at = bytes.writeUInt32LE(memory.count, at);
      at = bytes.writeUInt32LE(memory.next, at);
      at = bytes.writeUInt32LE(memory.waited, at);
      for (const number of memory.rows) at = bytes.writeFloatLE(number, at);
    }
  });
  return bytes;
}

/** @throws CorruptMemoriesError */
export function decodeMemories(bytes: Buffer): StoredMemories {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) throw new CorruptMemoriesError('not memories');
  const format = bytes.readUInt32LE(4);
  if (format !== FORMAT) throw new CorruptMemoriesError(`format ${format}, this release reads ${FORMAT}`);
  const models: StoredMemory[] = [];
  let at = HEADER_BYTES;
  const number = (): number => {
    if (at + 4 > bytes.length) throw new CorruptMemoriesError('it ends too soon');
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  for (let left = bytes.readUInt32LE(16); left > 0; left -= 1) {
    const idBytes = number();
    const modelId = bytes.toString('utf8', at, at + idBytes);
    at += idBytes;
    const count = number();
    if (at + count * SERIES_BYTES > bytes.length) throw new CorruptMemoriesError('it ends too soon');
    const series = Array.from({ length: count }, () => {
      const seriesId = number();
      const memory = createWindowMemory();
      memory.count = Math.min(number(), CAPACITY);
      memory.next = number() % CAPACITY;
      memory.waited = number();
      for (let i = 0; i < MEMORY_FLOATS; i += 1, at += 4) memory.rows[i] = bytes.readFloatLE(at);
      return { seriesId, memory };
    });
    models.push({ modelId, series });
  }
  return { takenUntil: bytes.readDoubleLE(8), models };
}
