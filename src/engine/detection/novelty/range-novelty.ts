import { noveltyAmong, rememberValue, SEEN_PLACES } from './seen-values.js';

/** Points of the rolling mean and standard deviation: 4 hours at 5 minutes, 12 minutes at 15 s. */
export const NOVELTY_WINDOW = 48;
/** Places of the channels in what `advanceNovelty` gives. */
export const NOVEL_VALUE = 0;
export const NOVEL_LEVEL = 1;
export const NOVEL_VARIABILITY = 2;
export const NOVELTY_CHANNELS = 3;

/** What range novelty knows of one series: about 1 KB. Plain arrays, so that they can be stored as they are. */
export interface NoveltyState {
  /** Values seen, sorted, by channel: SEEN_PLACES places each. */
  readonly seen: Float32Array;
  /** Newest points, a ring. */
  readonly window: Float32Array;
  /** Values seen by channel, then points so far. */
  readonly counts: Uint32Array;
}

const POINTS = NOVELTY_CHANNELS;

export function createNoveltyState(): NoveltyState {
  return {
    seen: new Float32Array(NOVELTY_CHANNELS * SEEN_PLACES),
    window: new Float32Array(NOVELTY_WINDOW),
    counts: new Uint32Array(NOVELTY_CHANNELS + 1),
  };
}

/**
 * Range novelty: how far the value, the rolling mean and the rolling standard deviation are from anything the series
 * showed before, as a share of the range it showed, 0 to 1. Writes one number by channel to `novelty`, 0 while the
 * window fills. Call it for points with a finite value only, in order; causal, and nothing is allocated.
 *
 * @param learn false: measures against what was seen, and remembers nothing but the newest points
 */
export function advanceNovelty(state: NoveltyState, value: number, learn: boolean, novelty: Float64Array): void {
  const { window, counts } = state;
  const points = counts[POINTS]!;
  window[points % NOVELTY_WINDOW] = value;
  counts[POINTS] = points + 1;
  novelty[NOVEL_VALUE] = advanceChannel(state, NOVEL_VALUE, value, learn);
  novelty[NOVEL_LEVEL] = 0;
  novelty[NOVEL_VARIABILITY] = 0;
  if (points + 1 < NOVELTY_WINDOW) return;

  let mean = 0;
  for (let i = 0; i < NOVELTY_WINDOW; i += 1) mean += window[i]!;
  mean /= NOVELTY_WINDOW;
  let squares = 0;
  for (let i = 0; i < NOVELTY_WINDOW; i += 1) {
    const away = window[i]! - mean;
    squares += away * away;
  }
  novelty[NOVEL_LEVEL] = advanceChannel(state, NOVEL_LEVEL, mean, learn);
  novelty[NOVEL_VARIABILITY] = advanceChannel(state, NOVEL_VARIABILITY, Math.sqrt(squares / NOVELTY_WINDOW), learn);
}

function advanceChannel({ seen, counts }: NoveltyState, channel: number, value: number, learn: boolean): number {
  const from = channel * SEEN_PLACES;
  const count = counts[channel]!;
  const rounded = Math.fround(value);
  const novelty = noveltyAmong(seen, from, count, rounded);
  if (learn) counts[channel] = rememberValue(seen, from, count, rounded, novelty);
  return novelty;
}
