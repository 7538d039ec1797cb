import type { GraphRunner, Tensor } from '../detector.js';

/**
 * The contract between the detectors and every learned model, ours or a user's own: a batch of windows goes in, one
 * score a row comes out. A model may leave out any input but `window`, and any output but `score`.
 *
 * Values are standardised before they get here, so that one model serves all series whatever their unit:
 * (value - level) / scale, with the robust level and scale that the series itself had **before** that value (the
 * level without the season, where one is known), clipped to `limit` on both sides. 0 stands for a missing value and
 * for ticks before the first; `known` in the context says how many of the 64 are real.
 */
export const WINDOW_MODEL = {
  /** Raised when the meaning of an input or output changes. */
  version: 1,
  /** Ticks in a window; the newest is the one that is scored. */
  points: 64,
  /** Standardised values and context columns lie within [-limit, limit]. */
  limit: 16,
  /** Names and shapes; a name in a shape stands for a size that may vary. */
  inputs: {
    /** Standardised values, oldest first, newest last. */
    window: ['batch', 64],
    /** What the detector knows besides; columns in the order of `WINDOW_CONTEXT`. */
    context: ['batch', 8],
    /** Embeddings of normal windows of the same series, for models that compare; rows not yet filled are all 0. */
    memory: ['batch', 16, 16],
  },
  outputs: {
    /** 0 and up; 1.0 is the boundary between normal and not. */
    score: ['batch', 1],
    /** The window as the memory keeps it, if the window turns out to be normal. */
    embedding: ['batch', 16],
  },
} as const;

/**
 * Columns of `context`. Scores of plain channels are those of the newest point before the learned one joins them,
 * 1.0 at the boundary, 0 where a channel is not active.
 */
export const WINDOW_CONTEXT = [
  /** Share of the window's 64 values that were observed, 0 to 1. */
  'known',
  /** Points learned from, as log10(1 + n) / 4: 1 at ten thousand. */
  'maturity',
  /** The deviation below which nobody wants to hear of it (the larger of absolute and relative), in scales. */
  'least_deviation',
  /** Newest value against what was expected of it, season included, in scales; signed. */
  'residual',
  /** Score of the channel that looks at this residual. */
  'residual_score',
  /** Largest score of the novelty channels (value, level, variability). */
  'novelty_score',
  /** Score of the channel for changes of level and slope. */
  'change_score',
  /** Score of the channel for flat lines and missing data. */
  'flatline_score',
] as const;

export type WindowContextColumn = (typeof WINDOW_CONTEXT)[number];

const { points: POINTS, limit: LIMIT } = WINDOW_MODEL;
const COLUMNS = WINDOW_CONTEXT.length;
const [, CAPACITY, WIDTH] = WINDOW_MODEL.inputs.memory;
const MEMORY = CAPACITY * WIDTH;

/** The newest 64 standardised values of one series; 260 bytes. Float32, as the model reads them. */
export interface WindowRing {
  /** NaN where nothing was observed. */
  readonly values: Float32Array;
  /** Where the next value goes; the oldest stands there. */
  next: number;
}

export function createWindowRing(): WindowRing {
  return { values: new Float32Array(POINTS).fill(NaN), next: 0 };
}

/** @param standardised (value - level) / scale; NaN: nothing observed. Clipped here. */
export function pushWindow(ring: WindowRing, standardised: number): void {
  ring.values[ring.next] = clipped(standardised);
  ring.next = ring.next + 1 === POINTS ? 0 : ring.next + 1;
}

/** Which inputs a model takes besides `window`: from its manifest. */
export interface WindowModelInputs {
  readonly context: boolean;
  readonly memory?: boolean;
}

/** Tensors for up to `capacity` rows, made once and used again for every batch. */
export interface WindowBatch {
  readonly capacity: number;
  rows: number;
  readonly window: Float32Array;
  readonly context: Float32Array;
  /** Empty where the model takes none. */
  readonly memory: Float32Array;
}

export function createWindowBatch(capacity: number, inputs: WindowModelInputs = { context: true }): WindowBatch {
  return {
    capacity,
    rows: 0,
    window: new Float32Array(capacity * POINTS),
    context: new Float32Array(capacity * COLUMNS),
    memory: new Float32Array(inputs.memory ? capacity * MEMORY : 0),
  };
}

/** Copies the ring as the next row, oldest value first; its context is all 0 but for `known`. Answers the row. */
export function addWindowRow(batch: WindowBatch, ring: WindowRing): number {
  const row = batch.rows;
  const { values, next } = ring;
  const { window, context } = batch;
  const base = row * POINTS;
  let known = 0;
  for (let i = 0, from = next; i < POINTS; i += 1) {
    const value = values[from]!;
    const missing = value !== value;
    window[base + i] = missing ? 0 : value;
    if (!missing) known += 1;
    from = from + 1 === POINTS ? 0 : from + 1;
  }
  context.fill(0, row * COLUMNS, (row + 1) * COLUMNS);
  context[row * COLUMNS] = known / POINTS;
  batch.rows = row + 1;
  return row;
}

/** Fills the context of a row; see `WINDOW_CONTEXT` for units. `known` stands there already. */
export function setWindowContext(
  batch: WindowBatch,
  row: number,
  points: number,
  leastDeviation: number,
  residual: number,
  residualScore: number,
  noveltyScore: number,
  changeScore: number,
  flatlineScore: number,
): void {
  const { context } = batch;
  const base = row * COLUMNS;
  context[base + 1] = Math.log10(1 + points) / 4;
  context[base + 2] = finite(leastDeviation);
  context[base + 3] = finite(residual);
  context[base + 4] = finite(residualScore);
  context[base + 5] = finite(noveltyScore);
  context[base + 6] = finite(changeScore);
  context[base + 7] = finite(flatlineScore);
}

/** @param embeddings of normal windows of the series: 16 x 16, 0 where there is none yet */
export function addMemoryRow(batch: WindowBatch, row: number, embeddings: Float32Array): void {
  batch.memory.set(embeddings, row * MEMORY);
}

export interface WindowModelAnswer {
  /** By row; what was not finite or negative counts as 0. */
  readonly score: Float32Array;
  /** By row, 16 numbers each; absent where the model gives none. */
  readonly embedding: Float32Array | undefined;
}

/** Runs the model on the rows that were added. */
export async function runWindowModel(
  batch: WindowBatch,
  inputs: WindowModelInputs,
  run: GraphRunner,
): Promise<WindowModelAnswer> {
  const { rows } = batch;
  if (rows === 0) return { score: new Float32Array(0), embedding: undefined };
  const given: Record<string, Tensor> = {
    window: { data: batch.window.subarray(0, rows * POINTS), dims: [rows, POINTS] },
  };
  if (inputs.context) given.context = { data: batch.context.subarray(0, rows * COLUMNS), dims: [rows, COLUMNS] };
  if (inputs.memory) given.memory = { data: batch.memory.subarray(0, rows * MEMORY), dims: [rows, CAPACITY, WIDTH] };
  const { score, embedding } = await run(given);
  if (!score || score.data.length !== rows) throw new WindowModelOutputError(rows, score?.data.length);
  const { data } = score;
  for (let row = 0; row < rows; row += 1) if (!(data[row]! >= 0 && data[row]! < Infinity)) data[row] = 0;
  return { score: data, embedding: embedding?.data };
}

export class WindowModelOutputError extends Error {
  constructor(rows: number, given: number | undefined) {
    super(
      `the model must give an output "score" of shape [batch, 1]: ${rows} numbers for this batch, ` +
        (given === undefined ? 'but it gave none' : `not ${given}`),
    );
    this.name = 'WindowModelOutputError';
  }
}

function clipped(value: number): number {
  return value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value;
}

function finite(value: number): number {
  return value === value ? clipped(value) : 0;
}
