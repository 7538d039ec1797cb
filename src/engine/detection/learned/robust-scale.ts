/**
 * Level and scale of one series, as learned models see it. Exponential smoothing of both, with innovations clipped at
 * three scales before they teach anything (Gelper, Fried and Croux, "Robust forecasting with exponential and
 * Holt-Winters smoothing", 2010): an outage moves the level slowly, and a spike hardly at all.
 */
export interface RobustScale {
  level: number;
  /** Standard deviation that a normal distribution with this mean absolute deviation would have. */
  scale: number;
  /** Values learned from. */
  points: number;
}

/** Weights of a new value once there are enough: the level remembers 8 minutes, the scale 32, at 15 s. */
const LEVEL_WEIGHT = 1 / 32;
const SCALE_WEIGHT = 1 / 128;
/** Clipping point in scales; no clipping while there are too few values to know the scale. */
const CLIP = 3;
const LEARNING_POINTS = 12;
/** Of a normal distribution: standard deviation over mean absolute deviation, the square root of pi / 2. */
const NORMAL = 1.2533;
/** A deviation that just matters is at most this many scales: a series that stands still has no scale of its own. */
const LEAST_DEVIATION_SCALES = 8;

export function createRobustScale(): RobustScale {
  return { level: 0, scale: 0, points: 0 };
}

/** What a deviation of one scale is, in the unit of the series; greater than 0. */
export function scaleOf(state: RobustScale, leastDeviation: number): number {
  return Math.max(state.scale, leastDeviation / LEAST_DEVIATION_SCALES, Math.abs(state.level) * 1e-6, 1e-12);
}

/**
 * Standardises the value by what was known before it, and then learns it.
 *
 * @param leastDeviation smallest deviation that matters, in the unit of the series; 0: none is known
 * @returns (value - level) / scale; 0 for the first value, NaN for a missing one
 */
export function standardise(state: RobustScale, value: number, leastDeviation: number): number {
  if (value !== value) return NaN;
  if (state.points === 0) {
    state.level = value;
    state.points = 1;
    return 0;
  }
  const unit = scaleOf(state, leastDeviation);
  const innovation = value - state.level;
  const n = (state.points += 1);
  const widest = n <= LEARNING_POINTS ? Infinity : CLIP * unit;
  const bounded = innovation > widest ? widest : innovation < -widest ? -widest : innovation;
  state.level += Math.max(LEVEL_WEIGHT, 1 / n) * bounded;
  state.scale += Math.max(SCALE_WEIGHT, 1 / n) * (NORMAL * Math.abs(bounded) - state.scale);
  return innovation / unit;
}
