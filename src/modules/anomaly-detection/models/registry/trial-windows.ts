import type { Tensor } from '../../../../engine/detection/detector.js';
import { WINDOW_MODEL } from '../../../../engine/detection/learned/window-model.js';

export interface TrialBatch {
  readonly what: string;
  readonly rows: number;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

type Fill = (row: number, i: number) => number;

const SMALL = 1;
/** The size at which latency is judged. */
export const LARGE = 256;

/**
 * What a model is tried with: windows as they come, and those that break careless models. `inputNames` are the ones
 * that the graph takes. Reproducible: the same names give the same numbers.
 */
export function trialBatches(inputNames: readonly string[]): readonly TrialBatch[] {
  const { limit } = WINDOW_MODEL;
  const random = uniform(20_261_121);
  const normal: Fill = () => Math.max(-limit, Math.min(limit, (random() + random() + random() + random() - 2) * 1.7));
  const kinds: readonly (readonly [string, Fill])[] = [
    ['random windows', normal],
    ['windows of zeros (nothing known)', () => 0],
    ['constant windows', (row) => ((row % 3) - 1) * 0.5],
    ['windows at the limits', (row, i) => ((row + i) % 2 === 0 ? limit : -limit)],
    ['windows at one limit', () => limit],
    ['windows with one spike', (_, i) => (i === WINDOW_MODEL.points - 1 ? limit : 0)],
  ];
  return kinds.flatMap(([what, fill]) =>
    [SMALL, LARGE].map((rows) => ({ what: `${rows} of ${what}`, rows, inputs: inputsOf(inputNames, rows, fill) })),
  );
}

function inputsOf(names: readonly string[], rows: number, fill: Fill): Record<string, Tensor> {
  return Object.fromEntries(
    names.map((name) => {
      const shape = WINDOW_MODEL.inputs[name as keyof typeof WINDOW_MODEL.inputs];
      const dims = shape.map((size) => (size === 'batch' ? rows : size));
      const width = dims.slice(1).reduce((product, size) => product * size, 1);
      const data = Float32Array.from({ length: rows * width }, (_, i) => fill(Math.floor(i / width), i % width));
      return [name, { data, dims }];
    }),
  );
}

/** The first row of a batch, as a batch of its own. */
export function firstRow(batch: TrialBatch): TrialBatch['inputs'] {
  return Object.fromEntries(
    Object.entries(batch.inputs).map(([name, { data, dims }]) => {
      const width = data.length / batch.rows;
      return [name, { data: data.slice(0, width), dims: [1, ...dims.slice(1)] }];
    }),
  );
}

/** Mulberry32. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
