import { CALM, type TrackerState } from '../anomaly-tracker.js';
import type { DetectorState } from '../detector.js';
import { createWindowMemory, type WindowMemory } from '../learned/window-memory.js';
import { createNoveltyState, type NoveltyState } from '../novelty/range-novelty.js';
import { createSurpriseState, type SurpriseState } from '../novelty/surprise.js';
import { createWindowRing, type WindowRing } from '../learned/window-model.js';
import { BIN, DAY_BINS, NUMBERS, WEEK_BINS } from './state-layout.js';
import { startExtremes } from './usual-extremes.js';

export const ENSEMBLE_STATE_VERSION = 2;

/** What the ensemble knows of one series: 4.5 KB (1.5 KB of it for surprise); with a model that keeps a memory 5.5 KB. */
export interface EnsembleState extends DetectorState {
  readonly version: number;
  tracker: TrackerState;
  readonly numbers: Float64Array;
  /** Daily bins, then weekly bins; NaN until filled. */
  readonly profile: Float32Array;
  /** Newest standardised values: for the learned channel, and to learn from what was held back. */
  readonly ring: WindowRing;
  readonly novelty: NoveltyState;
  readonly surprise: SurpriseState;
  /** Where the learned model takes one. */
  readonly memory: WindowMemory | null;
}

export function createEnsembleState(withMemory: boolean): EnsembleState {
  const numbers = new Float64Array(NUMBERS);
  startExtremes(numbers);
  numbers[BIN] = numbers[BIN + 3] = -1;
  return {
    version: ENSEMBLE_STATE_VERSION,
    tracker: CALM,
    numbers,
    profile: new Float32Array(DAY_BINS + WEEK_BINS).fill(NaN),
    ring: createWindowRing(),
    novelty: createNoveltyState(),
    surprise: createSurpriseState(),
    memory: withMemory ? createWindowMemory() : null,
  };
}
