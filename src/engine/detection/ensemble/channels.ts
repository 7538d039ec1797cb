/**
 * The ways of looking at a series, in the order of every array by channel.
 *
 * - `residual`: the value against the robust level and season expected for it;
 * - `value`, `level`, `variability`: novelty of the value, of its rolling mean and of its rolling standard deviation;
 * - `change`: a lasting change of level or slope, too small to be seen at one point;
 * - `flatline`: a series that always moved stands still;
 * - `missing`: more gaps than usual (one outage is one gap);
 * - `range`: outside of the range that an operator declared;
 * - `learned`: a model's opinion of the newest 64 points.
 */
export const ENSEMBLE_CHANNELS = [
  'residual',
  'value',
  'level',
  'variability',
  'change',
  'flatline',
  'missing',
  'range',
  'learned',
] as const;

export type EnsembleChannel = (typeof ENSEMBLE_CHANNELS)[number];

export const RESIDUAL = 0;
export const VALUE = 1;
export const LEVEL = 2;
export const VARIABILITY = 3;
export const CHANGE = 4;
export const FLATLINE = 5;
export const MISSING = 6;
/** Channels below this have usual extremes of their own; `range` and `learned` are scores already. */
export const MEASURED_CHANNELS = 7;
export const RANGE = 7;
export const LEARNED = 8;
export const CHANNEL_COUNT = 9;
