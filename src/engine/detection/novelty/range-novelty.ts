import { SEEN_PLACES } from './seen-values.js';

/** Points of the rolling mean and standard deviation: 4 hours at 5 minutes, 12 minutes at 15 s. */
export const NOVELTY_WINDOW = 48;
/** Value, rolling mean, rolling standard deviation. */
const CHANNELS = 3;

/** What range novelty knows of one series: about 1 KB. Plain arrays, so that they can be stored as they are. */
export interface NoveltyState {
  /** Values seen by channel: `SEEN_PLACES` each. */
  readonly seen: Float32Array;
  /** Newest points, a ring. */
  readonly window: Float32Array;
  /** Values seen by channel, then points so far. */
  readonly counts: Uint32Array;
}

export function createNoveltyState(): NoveltyState {
  return {
    seen: new Float32Array(CHANNELS * SEEN_PLACES),
    window: new Float32Array(NOVELTY_WINDOW),
    counts: new Uint32Array(CHANNELS + 1),
  };
}
