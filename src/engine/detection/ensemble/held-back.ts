import { FLATLINE, MEASURED_CHANNELS } from './channels.js';
import type { EnsembleState } from './ensemble-state.js';
import { follow } from './follow.js';
import { learnValue, startLevels } from './learn-point.js';
import { NOVELTY_WINDOW } from '../novelty/range-novelty.js';
import type { SeasonClock } from './season.js';
import {
  BLOCK_MAX,
  BOUNDARY,
  CLOUDED,
  CUSUM_DOWN,
  CUSUM_UP,
  HELD,
  HELD_COUNT,
  HELD_DEVIATION,
  HELD_LEVEL,
  HELD_VALUES,
  MOVES,
  SCALE,
  SLOW,
  STATISTIC,
  STRETCH_MAX,
} from './state-layout.js';
import { raiseExtremes } from './usual-extremes.js';

/** Weight of the newest value in the level of what is held, once there are enough. */
const HELD_RATE = 0.1;
const SIGMAS_PER_MEAN_DEVIATION = 1.2533;

/** While a stretch is suspected or open, its values are kept apart: they must not widen the band they are judged by. */
export function holdValue(numbers: Float64Array, value: number): void {
  const count = numbers[HELD_COUNT]!;
  numbers[HELD + (count % HELD_VALUES)] = value;
  numbers[HELD_COUNT] = count + 1;
  const rate = Math.max(HELD_RATE, 1 / (count + 1));
  const away = value - numbers[HELD_LEVEL]!;
  numbers[HELD_LEVEL] = follow(numbers[HELD_LEVEL]!, value, rate);
  numbers[HELD_DEVIATION] = count === 0 ? 0 : follow(numbers[HELD_DEVIATION]!, Math.abs(away), rate);
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    const statistic = numbers[STATISTIC + channel]!;
    if (statistic > numbers[STRETCH_MAX + channel]!) numbers[STRETCH_MAX + channel] = statistic;
  }
}

/** It was nothing: what was held is normal after all. */
export function releaseHeld(state: EnsembleState, clock: SeasonClock, season: number, least: number): void {
  const { numbers } = state;
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    numbers[BLOCK_MAX + channel] = Math.max(numbers[BLOCK_MAX + channel]!, numbers[STRETCH_MAX + channel]!);
  }
  learnNewest(state, clock, numbers[HELD_COUNT]!, season, least);
}

/**
 * The anomaly ended with `calmPoints` calm values. Of the stretch itself only how extreme it was is remembered, so
 * that a second outage is found like the first, while a burst that keeps coming back becomes a habit.
 */
export function dropHeld(
  state: EnsembleState,
  clock: SeasonClock,
  calmPoints: number,
  season: number,
  least: number,
): void {
  const { numbers } = state;
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    const factor = numbers[STRETCH_MAX + channel]! / numbers[BOUNDARY + channel]!;
    if (factor > 1) raiseExtremes(numbers, channel, factor);
  }
  numbers[CUSUM_UP] = numbers[CUSUM_DOWN] = 0;
  numbers[CLOUDED] = NOVELTY_WINDOW;
  learnNewest(state, clock, calmPoints, season, least);
}

/** What was held is the new normal. */
export function adoptHeld(state: EnsembleState, season: number): void {
  const { numbers } = state;
  const level = numbers[HELD_LEVEL]!;
  startLevels(numbers, level, season, Math.max(numbers[SCALE]!, numbers[HELD_DEVIATION]! * SIGMAS_PER_MEAN_DEVIATION));
  numbers[SLOW] = level;
  if (numbers[STRETCH_MAX + FLATLINE]! > numbers[BOUNDARY + FLATLINE]!) numbers[MOVES] = 0;
  forgetHeld(numbers);
}

export function forgetHeld(numbers: Float64Array): void {
  numbers[HELD_COUNT] = numbers[HELD_LEVEL] = numbers[HELD_DEVIATION] = 0;
  numbers.fill(0, STRETCH_MAX, STRETCH_MAX + MEASURED_CHANNELS);
}

function learnNewest(state: EnsembleState, clock: SeasonClock, points: number, season: number, least: number): void {
  const { numbers, floats } = state;
  const held = numbers[HELD_COUNT]!;
  for (let i = held - Math.min(points, held, HELD_VALUES); i < held; i += 1) {
    learnValue(numbers, floats, clock, numbers[HELD + (i % HELD_VALUES)]!, season, least);
  }
  forgetHeld(numbers);
}
