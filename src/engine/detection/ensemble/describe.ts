import type { SeriesDescription } from '../detector.js';
import { NOVELTY_WINDOW } from '../novelty/range-novelty.js';
import { CHANGE, FLATLINE, MISSING, RESIDUAL } from './channels.js';
import type { EnsembleState } from './ensemble-state.js';
import { DAY_MS, seasonWorth, WEEK_MS } from './season.js';
import { CHANGE_BLOCKS, HARMLESS_GAPS, leastRepeats, MOVING } from './score-point.js';
import {
  BLOCK_POINTS,
  BLOCKS,
  BOUNDARY,
  COMPARED,
  DAY_BINS,
  FAST,
  MOVES,
  POINTS,
  SCALE,
  SEASON,
  SEEN_COUNT,
  WEEK_BINS,
  WINDOWED,
} from './state-layout.js';
import { BLOCK_LENGTH } from './usual-extremes.js';

type Channel = SeriesDescription['channels'][number];

const SEASONS = ['', 'daily', 'weekly'] as const;

/** Which channels look at the series, and why, with the figures. */
export function describeState(state: EnsembleState, minimumPoints: number, learned: boolean): SeriesDescription {
  const { numbers } = state;
  const points = numbers[POINTS]!;
  const known = points >= minimumPoints;
  const early = `learning: ${points} of ${minimumPoints} points`;
  const channel = (name: string, active: boolean, reason: string): Channel => ({
    name,
    active: known && active,
    reason: known ? reason : early,
  });
  // Of a series that is seen for the first time nearly everything is new.
  const settled = numbers[BLOCKS]! > 0;
  const full = numbers[WINDOWED]! >= NOVELTY_WINDOW;
  const unsettled = `needs ${BLOCK_LENGTH} calm points, has ${numbers[BLOCK_POINTS]!}`;
  const rolling = full
    ? `against the last ${points} points`
    : `needs ${NOVELTY_WINDOW} points in a row, has ${numbers[WINDOWED]!}`;
  const moves = numbers[MOVES]!;
  return {
    points,
    channels: [
      channel('residual', true, `${levelText(numbers)}; ${seasonText(state)}; ${usualText(numbers, RESIDUAL)}`),
      channel('value', settled, settled ? valuesText(numbers[SEEN_COUNT]!) : unsettled),
      channel('level', settled && full, full && !settled ? unsettled : rolling),
      channel('variability', settled && full, full && !settled ? unsettled : rolling),
      channel('change', numbers[BLOCKS]! >= CHANGE_BLOCKS, changeText(numbers)),
      channel('flatline', moves > MOVING, flatlineText(moves, numbers[BOUNDARY + FLATLINE]!)),
      channel(
        'missing',
        true,
        `scores above ${figure(Math.max(HARMLESS_GAPS, numbers[BOUNDARY + MISSING]!))} gaps in 32 ticks`,
      ),
      channel('range', true, 'speaks where a range was set and left'),
      channel('learned', learned, learned ? 'a model looks at the newest 64 points' : 'no model is chosen'),
    ],
  };
}

/** What is said of the seasons: which one is used and what it saves, or what is missing. */
function seasonText({ numbers, floats }: EnsembleState): string {
  const used = numbers[SEASON]!;
  if (used > 0) {
    const saved = (1 - seasonWorth(numbers, used)) * 100;
    return `${SEASONS[used]!} season, which makes the error ${saved.toFixed(0)} % smaller`;
  }
  const daily = seasonWorth(numbers, 1);
  if (daily === Infinity) return `no season yet: ${cyclesSeen(numbers[COMPARED]! / DAY_MS, floats, 24)} of 2 days seen`;
  const weekly = seasonWorth(numbers, 2);
  const tried = `no season: a daily one leaves ${(daily * 100).toFixed(0)} % of the error`;
  if (weekly === Infinity)
    return `${tried}, ${cyclesSeen(numbers[COMPARED + 1]! / WEEK_MS, floats, WEEK_BINS)} of 2 weeks seen`;
  return `${tried}, a weekly one ${(weekly * 100).toFixed(0)} %`;
}

/** Of two cycles: the first is seen by the hours that are known, the second by the time that could be compared. */
function cyclesSeen(compared: number, profile: Float32Array, hours: number): string {
  if (compared > 0) return Math.min(2, 1 + compared).toFixed(1);
  let known = 0;
  for (let i = DAY_BINS; i < DAY_BINS + WEEK_BINS; i += 1) if (!Number.isNaN(profile[i]!)) known += 1;
  return Math.min(1, known / hours).toFixed(1);
}

function valuesText(count: number): string {
  return count === 1 ? 'one value remembered' : `${count} different values remembered`;
}

function levelText(numbers: Float64Array): string {
  const season = numbers[SEASON]! > 0 ? ' besides its season' : '';
  return `level ${figure(numbers[FAST]!)}${season}, deviates by ${figure(numbers[SCALE]!)}`;
}

function usualText(numbers: Float64Array, channel: number): string {
  const blocks = numbers[BLOCKS]!;
  const reach = figure(numbers[BOUNDARY + channel]!);
  if (blocks === 0) return `scores above ${reach} deviations until ${BLOCK_LENGTH} points are seen`;
  return `scores above ${reach} deviations, by the extremes of ${blocks * BLOCK_LENGTH} calm points`;
}

function changeText(numbers: Float64Array): string {
  const blocks = numbers[BLOCKS]!;
  if (blocks >= CHANGE_BLOCKS) return usualText(numbers, CHANGE);
  return `needs ${CHANGE_BLOCKS * BLOCK_LENGTH} calm points, has ${blocks * BLOCK_LENGTH}`;
}

function flatlineText(moves: number, boundary: number): string {
  const share = `${(moves * 100).toFixed(0)} % of its points differ from the one before`;
  return moves > MOVING
    ? `${share}; scores above ${figure(Math.max(boundary, leastRepeats(moves)))} equal ones`
    : `${share}: it stands still by nature`;
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
