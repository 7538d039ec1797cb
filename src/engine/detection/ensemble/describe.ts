import type { SeriesDescription } from '../detector.js';
import { ENSEMBLE_CHANNELS } from './channels.js';
import type { EnsembleState } from './ensemble-state.js';
import { POINTS } from './state-layout.js';

/** Which channels look at the series, and why. */
export function describeState(state: EnsembleState, learned: boolean): SeriesDescription {
  const points = state.numbers[POINTS]!;
  return {
    points,
    channels: ENSEMBLE_CHANNELS.map((name) => ({
      name,
      active: name !== 'learned' || learned,
      reason: `${points} points`,
    })),
  };
}
