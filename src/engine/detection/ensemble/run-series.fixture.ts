import type { Detector, SeriesSettings } from '../detector.js';
import type { EnsembleState } from './ensemble-state.js';

export const STEP = 15_000;
export const SERIES: SeriesSettings = { minimumDeviation: 0.5, minimumRelativeDeviation: 0.05, sensitivity: 6 };

/** Deterministic noise, uniform in [-4, 4): xorshift32. */
export function createNoise(seed: number): () => number {
  let x = (seed * 2654435761) | 1;
  const next = () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return ((x >>> 0) / 2 ** 31 - 1) * 4;
  };
  for (let i = 0; i < 8; i += 1) next();
  return next;
}

export interface SeriesRun {
  readonly scores: number[];
  /** Index of the points at which anomalies opened, and the channel that was highest then. */
  readonly opened: number[];
  readonly channels: string[];
  readonly ended: { readonly startedAt: number; readonly endedAt: number; readonly adopted: boolean }[];
}

/** Runs one series through a detector, point by point. */
export async function runSeries(
  detector: Detector<EnsembleState>,
  values: readonly number[],
  options: {
    readonly state?: EnsembleState;
    /** Index of the first point. */
    readonly from?: number;
    readonly settings?: SeriesSettings;
    readonly suppressed?: boolean;
    readonly stepMs?: number;
  } = {},
): Promise<SeriesRun> {
  const { state = detector.createState(), from = 0, settings = SERIES, stepMs = STEP } = options;
  const run: SeriesRun = { scores: [], opened: [], channels: [], ended: [] };
  const suppressed = Uint8Array.of(options.suppressed ? 1 : 0);
  for (const [i, value] of values.entries()) {
    const time = (from + i) * stepMs;
    const batch = { time, stepMs, suppressed, states: [state], values: Float64Array.of(value), settings: [settings] };
    const { score, contributions, transitions } = await detector.update(batch, async () => ({}));
    run.scores.push(score[0]!);
    for (const { event } of transitions) {
      if (event.kind === 'ended') run.ended.push(event);
      if (event.kind !== 'opened') continue;
      run.opened.push(i);
      const highest = Object.entries(contributions).reduce((a, b) => (b[1][0]! > a[1][0]! ? b : a));
      run.channels.push(highest[0]);
    }
  }
  return run;
}
