import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  addWindowRow,
  createWindowBatch,
  setWindowContext,
  WINDOW_CONTEXT,
  WINDOW_MODEL,
  type WindowRing,
} from '../../../src/engine/detection/learned/window-model.js';

/** Columns of `meta`, whole numbers; source: 0 calm and drawn at random, 1 calm and moving, 2 in a fault. */
export const META = ['label', 'source', 'seed', 'kind', 'ticksSinceTouched', 'series'] as const;

export interface WindowWriter {
  readonly rows: number;
  add(ring: WindowRing, points: number, leastDeviation: number, meta: readonly number[]): void;
  close(): void;
}

/** Writes rows as the model gets them: window.f32, context.f32 and meta.i32 in a folder, row after row. */
export function createWindowWriter(folder: string): WindowWriter {
  const files = ['window.f32', 'context.f32', 'meta.i32'].map((name) => openSync(join(folder, name), 'w'));
  const batch = createWindowBatch(4096, { context: true, memory: false });
  const meta = new Int32Array(batch.capacity * META.length);
  let rows = 0;

  function flush(): void {
    const parts = [
      batch.window.subarray(0, batch.rows * WINDOW_MODEL.points),
      batch.context.subarray(0, batch.rows * WINDOW_CONTEXT.length),
      meta.subarray(0, batch.rows * META.length),
    ];
    parts.forEach((part, i) => writeSync(files[i]!, new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
    batch.rows = 0;
  }

  return {
    get rows() {
      return rows;
    },
    add(ring, points, leastDeviation, facts) {
      if (batch.rows === batch.capacity) flush();
      const row = addWindowRow(batch, ring);
      const newest = ring.values[(ring.next + ring.values.length - 1) % ring.values.length]!;
      setWindowContext(batch, row, points, leastDeviation, newest, 0, 0, 0, 0);
      meta.set(facts, row * META.length);
      rows += 1;
    },
    close() {
      flush();
      files.forEach((file) => closeSync(file));
    },
  };
}
