import type { EpochMs } from '../../../kernel/clock.js';
import { follow } from './follow.js';
import { BASE, BIN, COMPARED, DAY_BINS, FAST, SEASON, SLOW, SLOW_ERROR, WEEK_BINS, WITHOUT } from './state-layout.js';

export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
/** How much of a bin's newest mean enters its profile. */
const DAY_LEARNING = 0.3;
const WEEK_LEARNING = 0.5;
/** A season must make the error at least this much smaller to be used, and is dropped when it makes it no smaller. */
const WORTH = 0.85;

/** Where a point in time lies in the profiles; the same for all series of a batch. */
export interface SeasonClock {
  dayBin: number;
  weekBin: number;
  /** Bins between which a value is interpolated, and how far from the first to the second, 0 to 1. */
  dayFrom: number;
  dayTo: number;
  dayShare: number;
  weekFrom: number;
  weekTo: number;
  weekShare: number;
  stepMs: number;
}

export function createSeasonClock(): SeasonClock {
  return { dayBin: 0, weekBin: 0, dayFrom: 0, dayTo: 0, dayShare: 0, weekFrom: 0, weekTo: 0, weekShare: 0, stepMs: 0 };
}

export function setSeasonClock(clock: SeasonClock, time: EpochMs, stepMs: number): void {
  const day = ((((time % DAY_MS) + DAY_MS) % DAY_MS) / DAY_MS) * DAY_BINS;
  const week = ((((time % WEEK_MS) + WEEK_MS) % WEEK_MS) / WEEK_MS) * WEEK_BINS;
  clock.stepMs = stepMs;
  clock.dayBin = Math.floor(day);
  clock.weekBin = Math.floor(week);
  if (stepMs > DAY_MS / DAY_BINS) return setCoarse(clock, day, week);
  const [dayCentre, weekCentre] = [day - 0.5 + DAY_BINS, week - 0.5 + WEEK_BINS];
  clock.dayFrom = Math.floor(dayCentre) % DAY_BINS;
  clock.dayTo = (clock.dayFrom + 1) % DAY_BINS;
  clock.dayShare = dayCentre - Math.floor(dayCentre);
  clock.weekFrom = Math.floor(weekCentre) % WEEK_BINS;
  clock.weekTo = (clock.weekFrom + 1) % WEEK_BINS;
  clock.weekShare = weekCentre - Math.floor(weekCentre);
}

/** Steps longer than a bin leave bins empty: only whole hours are used, and nothing is interpolated. */
function setCoarse(clock: SeasonClock, day: number, week: number): void {
  clock.dayBin = clock.dayFrom = clock.dayTo = Math.floor(day / 4) * 4;
  clock.weekBin = clock.weekFrom = clock.weekTo = Math.floor(week);
  clock.dayShare = clock.weekShare = 0;
}

/** Expected by the daily (1) or weekly (2) profile, base included; 0 for none, NaN where the profile has a hole. */
export function seasonAt(numbers: Float64Array, profile: Float32Array, season: number, clock: SeasonClock): number {
  if (season === 0) return 0;
  if (season === 1) {
    const from = profile[clock.dayFrom]!;
    return numbers[BASE]! + from + clock.dayShare * (profile[clock.dayTo]! - from);
  }
  const from = profile[DAY_BINS + clock.weekFrom]!;
  return numbers[BASE]! + from + clock.weekShare * (profile[DAY_BINS + clock.weekTo]! - from);
}

/**
 * Learns the profiles from a calm value, and which of them, if any, foretells the series best: each has a slow level
 * of what it leaves, and the mean absolute error against that is compared once a whole cycle could be compared.
 *
 * @param rate weight of the newest point in the slow levels
 * @param cleaned the value, bounded to what can be believed (Gelper, Fried, Croux 2010)
 */
export function learnSeason(
  numbers: Float64Array,
  profile: Float32Array,
  clock: SeasonClock,
  cleaned: number,
  rate: number,
): void {
  const away = cleaned - numbers[SLOW]!;
  numbers[SLOW] = follow(numbers[SLOW]!, cleaned, rate);
  numbers[SLOW_ERROR] = follow(numbers[SLOW_ERROR]!, Math.abs(away), rate / 4);
  compare(numbers, 1, cleaned - seasonAt(numbers, profile, 1, clock), Math.abs(away), clock.stepMs, rate);
  compare(numbers, 2, cleaned - seasonAt(numbers, profile, 2, clock), Math.abs(away), clock.stepMs, rate);
  const relative = cleaned - numbers[BASE]!;
  fill(numbers, profile, BIN, clock.dayBin, 0, DAY_LEARNING, relative);
  if (fill(numbers, profile, BIN + 3, clock.weekBin, DAY_BINS, WEEK_LEARNING, relative))
    choose(numbers, profile, clock);
}

/** Errors with the season and, over the same points with the same weights, without it. */
function compare(
  numbers: Float64Array,
  season: number,
  value: number,
  without: number,
  stepMs: number,
  rate: number,
): void {
  if (value !== value) return;
  if (numbers[COMPARED + season - 1] === 0) numbers[SLOW + season] = value;
  numbers[COMPARED + season - 1]! += stepMs;
  const away = value - numbers[SLOW + season]!;
  numbers[SLOW + season] = follow(numbers[SLOW + season]!, value, rate);
  numbers[SLOW_ERROR + season] = follow(numbers[SLOW_ERROR + season]!, Math.abs(away), rate / 4);
  numbers[WITHOUT + season - 1] = follow(numbers[WITHOUT + season - 1]!, without, rate / 4);
}

/** Adds to the mean of the bin; true when a bin was completed. */
function fill(
  numbers: Float64Array,
  profile: Float32Array,
  at: number,
  bin: number,
  offset: number,
  learning: number,
  value: number,
): boolean {
  if (numbers[at] === bin) {
    numbers[at + 1]! += value;
    numbers[at + 2]! += 1;
    return false;
  }
  const past = numbers[at]!;
  if (past >= 0) {
    const mean = numbers[at + 1]! / numbers[at + 2]!;
    const known = profile[offset + past]!;
    profile[offset + past] = known === known ? known + learning * (mean - known) : mean;
  }
  numbers[at] = bin;
  numbers[at + 1] = value;
  numbers[at + 2] = 1;
  return past >= 0;
}

/** Hysteresis: a season must be worth it to be used, and must do harm to be dropped. */
function choose(numbers: Float64Array, profile: Float32Array, clock: SeasonClock): void {
  const used = numbers[SEASON]!;
  let best = 0;
  let least = WORTH;
  for (let season = 1; season <= 2; season += 1) {
    const share = seasonWorth(numbers, season) * (season === used ? WORTH : 1);
    if (share < least) {
      best = season;
      least = share;
    }
  }
  if (best === used) return;
  const before = seasonAt(numbers, profile, used, clock);
  const after = seasonAt(numbers, profile, best, clock);
  if (before !== before || after !== after) return;
  numbers[FAST]! += before - after;
  numbers[SEASON] = best;
}

/** Mean absolute error with the season as a share of that without; Infinity until a whole cycle was compared. */
export function seasonWorth(numbers: Float64Array, season: number): number {
  const cycle = season === 1 ? DAY_MS : WEEK_MS;
  if (numbers[COMPARED + season - 1]! < 0.95 * cycle) return Infinity;
  const without = numbers[WITHOUT + season - 1]!;
  return without > 0 ? numbers[SLOW_ERROR + season]! / without : Infinity;
}
