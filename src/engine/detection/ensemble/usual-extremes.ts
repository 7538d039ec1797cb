import { CHANGE, MEASURED_CHANNELS } from './channels.js';
import { follow } from './follow.js';
import { BLOCK_MAX, BLOCK_POINTS, BLOCKS, BOUNDARY, LOCATION, SPREAD } from './state-layout.js';

/** Points of a block, of which the largest statistic counts. */
export const BLOCK_LENGTH = 120;
/** Newest blocks weigh most: about this many count. */
const REMEMBERED_BLOCKS = 336;
/** What is believed of a channel before its first block, as heavy as this many blocks: of the location, of the spread. */
const PRIOR_BLOCKS = 1;
const PRIOR_SPREADS = 3;
/** In spreads above the location: where a raw score of 1 lies. Everything else is left to the calibration. */
const REACH = 8;

/** How far above the usual logarithm a block of the change channel may count. */
const MOST_DRIFT = 0.7;

/** Location and spread of log(1 + statistic) that a calm block is believed to have; at least that spread is kept. */
export interface ExtremesPrior {
  readonly location: number;
  readonly spread: number;
  readonly least: number;
}

/** By channel. */
const PRIORS: readonly ExtremesPrior[] = [
  { location: 1.6, spread: 0.17, least: 0.06 },
  { location: 0.1, spread: 0.1, least: 0.06 },
  { location: 0.1, spread: 0.1, least: 0.06 },
  { location: 0.1, spread: 0.1, least: 0.06 },
  { location: 3.4, spread: 0.2, least: 0.06 },
  { location: 2.5, spread: 0.25, least: 0.1 },
  { location: 1.5, spread: 0.2, least: 0.1 },
];

/**
 * How extreme a channel's statistic usually gets within a block, and from it the statistic at which the raw score is
 * 1: block maxima (Gumbel; Coles 2001, An Introduction to Statistical Modeling of Extreme Values, chapter 3) of the
 * logarithm, so that heavy tails move the boundary far and light ones little. Old blocks fade, so bursts that keep
 * coming become usual, and are forgotten when they stop.
 */
export function startExtremes(numbers: Float64Array): void {
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    const prior = PRIORS[channel]!;
    numbers[LOCATION + channel] = prior.location;
    numbers[SPREAD + channel] = prior.spread;
    setBoundary(numbers, channel);
  }
}

/** Counts a calm point; at the end of a block its maxima are learned. */
export function countBlockPoint(numbers: Float64Array): void {
  numbers[BLOCK_POINTS]! += 1;
  if (numbers[BLOCK_POINTS]! < BLOCK_LENGTH) return;
  numbers[BLOCK_POINTS] = 0;
  numbers[BLOCKS]! += 1;
  const blocks = Math.min(numbers[BLOCKS]!, REMEMBERED_BLOCKS);
  const weight = 1 / (blocks + PRIOR_BLOCKS);
  const spreadWeight = 1 / (blocks + PRIOR_SPREADS);
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    const largest = believed(numbers, channel, Math.log1p(numbers[BLOCK_MAX + channel]!));
    numbers[LOCATION + channel] = follow(numbers[LOCATION + channel]!, largest, weight);
    const away = Math.abs(largest - numbers[LOCATION + channel]!);
    numbers[SPREAD + channel] = follow(numbers[SPREAD + channel]!, away, spreadWeight);
    numbers[BLOCK_MAX + channel] = 0;
    setBoundary(numbers, channel);
  }
}

/**
 * Sums over time grow through whole blocks while something drifts away: one block may move what is usual only so far,
 * or a slow leak would always stay below the boundary that it lifts itself.
 */
function believed(numbers: Float64Array, channel: number, largest: number): number {
  return channel === CHANGE ? Math.min(largest, numbers[LOCATION + channel]! + MOST_DRIFT) : largest;
}

/** An anomaly reached `factor` times the boundary: the next one must reach a little higher. */
export function raiseExtremes(numbers: Float64Array, channel: number, factor: number): void {
  numbers[LOCATION + channel]! += Math.log(Math.min(factor, 1.5));
  setBoundary(numbers, channel);
}

function setBoundary(numbers: Float64Array, channel: number): void {
  const spread = Math.max(numbers[SPREAD + channel]!, PRIORS[channel]!.least);
  numbers[BOUNDARY + channel] = Math.expm1(numbers[LOCATION + channel]! + REACH * spread);
}
