import { CALM, type TrackerState } from '../anomaly-tracker.js';
import type { DetectorState } from '../detector.js';
import { createWindowMemory, type WindowMemory } from '../learned/window-memory.js';
import { createSurpriseState, type SurpriseState } from '../novelty/surprise.js';
import { WINDOW_MODEL, type WindowRing } from '../learned/window-model.js';
import { BIN, DAY_BINS, FLOATS, NUMBERS, WEEK_BINS } from './state-layout.js';
import { startExtremes } from './usual-extremes.js';

export const ENSEMBLE_STATE_VERSION = 3;

/**
 * What the ensemble knows of one series: 3 KB; 0.7 KB more with surprise, 1 KB more with a model that keeps a memory.
 * Numbers, floats and ring lie behind each other in one buffer.
 */
export interface EnsembleState extends DetectorState {
  readonly version: number;
  tracker: TrackerState;
  readonly numbers: Float64Array;
  /** Season profiles (NaN until filled), rolling window and sets of seen values: places in `state-layout.ts`. */
  readonly floats: Float32Array;
  /** Newest standardised values, for the learned channel. */
  readonly ring: WindowRing;
  /** Where surprise is wanted. */
  readonly surprise: SurpriseState | null;
  /** Where the learned model takes one. */
  readonly memory: WindowMemory | null;
}

export function createEnsembleState(withMemory: boolean, withSurprise: boolean): EnsembleState {
  const floatsAt = NUMBERS * Float64Array.BYTES_PER_ELEMENT;
  const ringAt = floatsAt + FLOATS * Float32Array.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer(ringAt + WINDOW_MODEL.points * Float32Array.BYTES_PER_ELEMENT);
  const numbers = new Float64Array(buffer, 0, NUMBERS);
  const floats = new Float32Array(buffer, floatsAt, FLOATS);
  startExtremes(numbers);
  numbers[BIN] = numbers[BIN + 3] = -1;
  floats.fill(NaN, 0, DAY_BINS + WEEK_BINS);
  return {
    version: ENSEMBLE_STATE_VERSION,
    tracker: CALM,
    numbers,
    floats,
    ring: { values: new Float32Array(buffer, ringAt).fill(NaN), next: 0 },
    surprise: withSurprise ? createSurpriseState() : null,
    memory: withMemory ? createWindowMemory() : null,
  };
}
