import { WINDOW_MODEL } from './window-model.js';

const [, CAPACITY, WIDTH] = WINDOW_MODEL.inputs.memory;

/** Embeddings of normal windows of one series, for models that compare with them: 16 x 16 floats, 1 KiB. */
export interface WindowMemory {
  readonly rows: Float32Array;
  count: number;
  /** Where the next one goes: the oldest, once it is full. */
  next: number;
  /** Calm points since the last one was kept. */
  waited: number;
}

/** Windows that score below this are normal enough to be remembered. */
export const REMEMBER_BELOW = 0.7;
/** Calm points between two embeddings that are kept: at first close together, then so that 16 span four hours at 15 s. */
const FIRST_STRIDE = 4;
const STRIDE = 64;
export const MEMORY_FLOATS = CAPACITY * WIDTH;

export function createWindowMemory(): WindowMemory {
  return { rows: new Float32Array(MEMORY_FLOATS), count: 0, next: 0, waited: 0 };
}

/** Keeps the embedding of a calm window now and then. `embeddings` holds a batch of them; `row` is the series' own. */
export function remember(memory: WindowMemory, embeddings: Float32Array, row: number): void {
  memory.waited += 1;
  if (memory.waited < (memory.count < CAPACITY ? FIRST_STRIDE : STRIDE)) return;
  const from = row * WIDTH;
  const to = memory.next * WIDTH;
  for (let i = 0; i < WIDTH; i += 1) memory.rows[to + i] = embeddings[from + i]!;
  memory.next = (memory.next + 1) % CAPACITY;
  memory.count = Math.min(memory.count + 1, CAPACITY);
  memory.waited = 0;
}
