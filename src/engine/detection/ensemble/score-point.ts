import type { SeriesSettings } from '../detector.js';
import {
  CHANGE,
  CHANNEL_COUNT,
  ENSEMBLE_CHANNELS,
  FLATLINE,
  MEASURED_CHANNELS,
  MISSING,
  RANGE,
  RESIDUAL,
  VALUE,
  VARIABILITY,
} from './channels.js';
import { seasonAt, type SeasonClock } from './season.js';
import {
  BLOCKS,
  BOUNDARY,
  CUSUM_DOWN,
  CUSUM_UP,
  FAST,
  LAST,
  MOVES,
  POINTS,
  PRESENCE,
  SAME,
  SCALE,
  SEASON,
  SLOW,
  SLOW_ERROR,
  STATISTIC,
} from './state-layout.js';

/** Standard deviation of a normal distribution over its mean absolute deviation. */
const SIGMAS_PER_MEAN_DEVIATION = 1.2533;
/** Statistics count in no smaller unit than this share of the least deviation that matters. */
const LEAST_SCALE = 1 / 8;
/** The same while a series is seen for the first time: in the unit above, only thrice the least deviation would be found then. */
const FIRST_SCALE = 1 / 16;
/** CUSUM (Page 1954): what a point may add at most, and what each one loses, in standard deviations. */
const CUSUM_CLIP = 3;
const CUSUM_DRIFT = 0.75;
const CUSUM_LIMIT = 1e4;
/** Blocks of calm points before lasting changes count: what drifts within the first hours is its nature. */
export const CHANGE_BLOCKS = 8;
/** A series moves if more than this share of its points differ from the one before. */
export const MOVING = 0.5;
/** So many gaps among 32 ticks are no anomaly yet, however regular the series is otherwise: collectors restart. */
export const HARMLESS_GAPS = 3;
/** Equal values in a row that mean nothing yet, however lively the series is otherwise: collectors repeat themselves. */
const HARMLESS_REPEATS = 8;
/** A series stands still where as many equal values would come by chance once in a billion points, by its own past. */
const BY_CHANCE = Math.log(1e-9);
const LARGEST_SCORE = 1000;

/** What came of one point; one object is used again for all. */
export interface PointOutcome {
  /** By channel, in units of its boundary. */
  readonly scores: Float64Array;
  yhat: number;
  /** Half-width of the band. */
  reach: number;
  /** The season expected now, 0 without one. */
  season: number;
  /** Value without season, less the level, in scales. */
  standardised: number;
  scale: number;
  /** Deviation below which nobody wants to hear of it, in the unit of the value. */
  least: number;
}

export function createOutcome(): PointOutcome {
  return {
    scores: new Float64Array(CHANNEL_COUNT),
    yhat: NaN,
    reach: NaN,
    season: 0,
    standardised: 0,
    scale: 0,
    least: 0,
  };
}

/**
 * Scores a value against what is known of the series. Learns nothing but what must go on while learning is held back:
 * sums, runs and presence.
 *
 * @param boundary raw score at 1.0, from the calibration and the sensitivity of the series
 */
export function scorePoint(
  numbers: Float64Array,
  profile: Float32Array,
  value: number,
  settings: SeriesSettings,
  clock: SeasonClock,
  boundary: number,
  outcome: PointOutcome,
): void {
  const { scores } = outcome;
  const expectedSeason = seasonAt(numbers, profile, numbers[SEASON]!, clock);
  const season = expectedSeason === expectedSeason ? expectedSeason : value - numbers[FAST]!;
  const yhat = numbers[FAST]! + season;
  const least = Math.max(settings.minimumDeviation, settings.minimumRelativeDeviation * Math.abs(yhat));
  const share = numbers[BLOCKS]! > 0 ? LEAST_SCALE : FIRST_SCALE;
  const smallest = Math.max(least * share, Math.abs(value) * 1e-9, Number.MIN_VALUE);
  const scale = Math.max(numbers[SCALE]!, smallest);
  const residual = value - yhat;
  const direction = settings.direction ?? 'both';
  const [above, below] = [direction !== 'below', direction !== 'above'];
  outcome.season = season;
  outcome.yhat = yhat;
  outcome.least = least;
  outcome.scale = scale;
  outcome.standardised = residual / scale;
  outcome.reach = Math.max(numbers[BOUNDARY + RESIDUAL]! * boundary * scale, least);
  const counts = residual >= 0 ? above : below;

  numbers[STATISTIC + RESIDUAL] = Math.abs(residual) / scale;
  measure(numbers, scores, RESIDUAL, boundary, Math.abs(residual), least, counts);

  // Of a series that is seen for the first time nearly everything is new.
  for (let channel = VALUE; channel <= VARIABILITY; channel += 1) {
    const speaks = numbers[BLOCKS]! > 0 && (channel === VARIABILITY || counts);
    measure(numbers, scores, channel, boundary, Math.abs(residual), least, speaks);
  }

  const used = numbers[SEASON]!;
  const shift = value - season - numbers[SLOW + used]!;
  const wide = Math.max(numbers[SLOW_ERROR + used]! * SIGMAS_PER_MEAN_DEVIATION, smallest);
  const step = Math.max(-CUSUM_CLIP, Math.min(CUSUM_CLIP, shift / wide));
  const up = Math.min(CUSUM_LIMIT, Math.max(0, numbers[CUSUM_UP]! + step - CUSUM_DRIFT));
  const down = Math.min(CUSUM_LIMIT, Math.max(0, numbers[CUSUM_DOWN]! - step - CUSUM_DRIFT));
  numbers[CUSUM_UP] = up;
  numbers[CUSUM_DOWN] = down;
  numbers[STATISTIC + CHANGE] = Math.max(up, down);
  const mature = numbers[BLOCKS]! >= CHANGE_BLOCKS;
  measure(numbers, scores, CHANGE, boundary, Math.abs(shift), least, mature && (up >= down ? above : below));

  const same = value === numbers[LAST];
  numbers[SAME] = same ? numbers[SAME]! + 1 : 0;
  numbers[LAST] = value;
  numbers[STATISTIC + FLATLINE] = numbers[SAME]!;
  const repeats = numbers[SAME]! > HARMLESS_REPEATS ? leastRepeats(numbers[MOVES]!) : HARMLESS_REPEATS;
  measure(numbers, scores, FLATLINE, boundary, numbers[SAME]!, repeats, numbers[MOVES]! > MOVING);

  numbers[PRESENCE] = ((numbers[PRESENCE]! | 0) << 1) | 1;
  const ticks = Math.min(numbers[POINTS]!, 32);
  const gaps = ticks < 32 ? 0 : countGaps(numbers[PRESENCE]! | 0);
  numbers[STATISTIC + MISSING] = gaps;
  measure(numbers, scores, MISSING, boundary, gaps, HARMLESS_GAPS, true);

  scores[RANGE] = outOfRange(value, settings, least);
  if (settings.channelFactors) applyFactors(scores, settings.channelFactors);
}

/** The tick had no value. In maintenance that is nothing to remember. */
export function countMissing(numbers: Float64Array, suppressed: boolean): void {
  numbers[PRESENCE] = ((numbers[PRESENCE]! | 0) << 1) | (suppressed ? 1 : 0);
}

/** Sums over time begin anew: what they saw in maintenance or closed hours must not count after it. */
export function restartSums(numbers: Float64Array): void {
  numbers[CUSUM_UP] = numbers[CUSUM_DOWN] = 0;
}

/**
 * Statistic over boundary; a deviation that is too small to matter scores its share of the least that does. So what is
 * back at its level is calm at once, although rolling windows and sums still hold what was.
 */
function measure(
  numbers: Float64Array,
  scores: Float64Array,
  channel: number,
  boundary: number,
  deviation: number,
  least: number,
  counts: boolean,
): void {
  const score = counts ? numbers[STATISTIC + channel]! / (numbers[BOUNDARY + channel]! * boundary) : 0;
  scores[channel] = score > 1 ? Math.min(LARGEST_SCORE, score, deviation / least) : score;
}

/** Equal values in a row, after the first, that chance does not make where this share of points differs from the one before. */
export function leastRepeats(moves: number): number {
  return Math.max(HARMLESS_REPEATS, BY_CHANCE / Math.log(1 - moves));
}

function outOfRange(value: number, { dataRange }: SeriesSettings, least: number): number {
  if (!dataRange) return 0;
  const beyond = Math.max(value - dataRange.upper, dataRange.lower - value);
  return beyond > 0 ? Math.min(LARGEST_SCORE, 1 + beyond / least) : 0;
}

/** An outage is one gap, however long: while it lasts the state of the series says so, and its end is no news. */
function countGaps(presence: number): number {
  return bits(~presence & ~(~presence << 1));
}

function bits(mask: number): number {
  let x = mask - ((mask >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return (((x + (x >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Called for few series only. */
function applyFactors(scores: Float64Array, factors: Readonly<Record<string, number>>): void {
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    const factor = factors[ENSEMBLE_CHANNELS[channel]!];
    if (factor !== undefined && factor > 0) scores[channel]! /= factor;
  }
}
