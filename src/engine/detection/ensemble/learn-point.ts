import { MEASURED_CHANNELS } from './channels.js';
import { countBlockPoint } from './usual-extremes.js';
import { follow } from './follow.js';
import { learnSeason, type SeasonClock } from './season.js';
import {
  BLOCK_MAX,
  CUSUM_DOWN,
  CUSUM_UP,
  FAST,
  MOVES,
  POINTS,
  SAME,
  SCALE,
  SEASON,
  SLOW,
  STATISTIC,
} from './state-layout.js';

/** Weight of the newest point in the level, the scale and the slow levels, once there are enough of them. */
const FAST_RATE = 0.1;
const SCALE_RATE = 1 / 200;
const SLOW_RATE = 1 / 120;
/** Residuals count no more than this many scales (Huber's function). */
const CLIP = 4;
const SIGMAS_PER_MEAN_DEVIATION = 1.2533;

/** The first value of a series, or of its new normal. */
export function startLevels(numbers: Float64Array, value: number, season: number, scale: number): void {
  numbers[FAST] = value - season;
  numbers[SCALE] = scale;
  numbers[SLOW + numbers[SEASON]!] = value - season;
  numbers[CUSUM_UP] = numbers[CUSUM_DOWN] = 0;
}

/** A calm value: level, scale, season and range follow it. */
export function learnValue(
  numbers: Float64Array,
  profile: Float32Array,
  clock: SeasonClock,
  value: number,
  season: number,
  least: number,
): void {
  const points = numbers[POINTS]!;
  numbers[POINTS] = points + 1;
  if (points === 0) {
    numbers[SLOW] = value;
    startLevels(numbers, value, 0, 0);
  }
  const residual = value - season - numbers[FAST]!;
  const limit = points < 8 ? Infinity : CLIP * Math.max(numbers[SCALE]!, least / 8);
  const bounded = Math.max(-limit, Math.min(limit, residual));
  const cleaned = value - residual + bounded;
  const scaleRate = Math.max(SCALE_RATE, 1 / (points + 1));
  numbers[SCALE] = follow(numbers[SCALE]!, Math.abs(bounded) * SIGMAS_PER_MEAN_DEVIATION, scaleRate);
  numbers[FAST] = follow(numbers[FAST]!, numbers[FAST]! + bounded, Math.max(FAST_RATE, 1 / (points + 1)));
  learnSeason(numbers, profile, clock, cleaned, Math.max(SLOW_RATE, 1 / (points + 1)));
  numbers[MOVES] = follow(numbers[MOVES]!, numbers[SAME]! > 0 ? 0 : 1, Math.max(SLOW_RATE, 1 / (points + 1)));
}

/** The newest point was calm: its statistics belong to what is usual. */
export function learnStatistics(numbers: Float64Array): void {
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    const statistic = numbers[STATISTIC + channel]!;
    if (statistic > numbers[BLOCK_MAX + channel]!) numbers[BLOCK_MAX + channel] = statistic;
  }
  countBlockPoint(numbers);
}
