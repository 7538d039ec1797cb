import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WINDOW_CONTEXT, WINDOW_MODEL, type WindowBatch } from '../../../src/engine/detection/learned/window-model.js';

/** Columns of `meta`, whole numbers; source: 0 calm and drawn at random, 1 calm and moving, 2 in a fault. */
export const META = ['label', 'source', 'seed', 'kind', 'ticksSinceTouched', 'series'] as const;

const { points: POINTS } = WINDOW_MODEL;
const COLUMNS = WINDOW_CONTEXT.length;
const CAPACITY = 4096;

export interface WindowWriter {
  readonly rows: number;
  add(from: WindowBatch, row: number, meta: readonly number[]): void;
  close(): void;
}

/** Writes rows as the model gets them: window.f32, context.f32 and meta.i32 in a folder, row after row. */
export function createWindowWriter(folder: string): WindowWriter {
  const files = ['window.f32', 'context.f32', 'meta.i32'].map((name) => openSync(join(folder, name), 'w'));
  const window = new Float32Array(CAPACITY * POINTS);
  const context = new Float32Array(CAPACITY * COLUMNS);
  const meta = new Int32Array(CAPACITY * META.length);
  let waiting = 0;
  let rows = 0;

  function flush(): void {
    const parts = [
      window.subarray(0, waiting * POINTS),
      context.subarray(0, waiting * COLUMNS),
      meta.subarray(0, waiting * META.length),
    ];
    parts.forEach((part, i) => writeSync(files[i]!, new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
    waiting = 0;
  }

  return {
    get rows() {
      return rows;
    },
    add(from, row, facts) {
      if (waiting === CAPACITY) flush();
      window.set(from.window.subarray(row * POINTS, (row + 1) * POINTS), waiting * POINTS);
      context.set(from.context.subarray(row * COLUMNS, (row + 1) * COLUMNS), waiting * COLUMNS);
      meta.set(facts, waiting * META.length);
      waiting += 1;
      rows += 1;
    },
    close() {
      flush();
      files.forEach((file) => closeSync(file));
    },
  };
}
