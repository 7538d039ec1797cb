import { counted, formatDuration, formatNumber } from './format-quantity.js';

/** How often a series was as far off before, on the same side. */
export interface Rarity {
  readonly side: 'above' | 'below';
  /** Known points that were looked at. */
  readonly points: number;
  /** Time from the first of them to the anomaly, in milliseconds. */
  readonly spanMs: number;
  /** How many of them were as far as this, or farther. */
  readonly asFar: number;
  /** Time since the newest of those; null where there is none. */
  readonly lastMs: number | null;
}

/** Fewer points than this say nothing of how rare something is. */
const FEWEST_POINTS = 30;

/**
 * How rare a value is in the history of its series.
 *
 * @param history values before the anomaly on a grid, oldest first; NaN where nothing was observed
 * @param stepMs distance of two of them
 */
export function rarityOf(history: Float64Array, stepMs: number, value: number, expected: number): Rarity | null {
  if (!Number.isFinite(value) || !Number.isFinite(expected) || value === expected) return null;
  const side = value > expected ? 'above' : 'below';
  let points = 0;
  let asFar = 0;
  let first = -1;
  let last = -1;
  for (let i = 0; i < history.length; i += 1) {
    const known = history[i]!;
    if (Number.isNaN(known)) continue;
    if (first < 0) first = i;
    points += 1;
    if (side === 'above' ? known < value : known > value) continue;
    asFar += 1;
    last = i;
  }
  if (points === 0) return null;
  const spanMs = (history.length - first) * stepMs;
  return { side, points, spanMs, asFar, lastMs: last < 0 ? null : (history.length - last) * stepMs };
}

/** `the highest in 2 days`, `3 of 11,520 points were as high`; says so where the history is too short. */
export function rarityText(rarity: Rarity | null): string {
  if (rarity === null || rarity.points < FEWEST_POINTS) {
    const seen = rarity?.points ?? 0;
    return seen === 0 ? 'with no history to compare' : `with only ${counted(seen, 'point')} of history to compare`;
  }
  const { side, points, spanMs, asFar, lastMs } = rarity;
  const record = side === 'above' ? 'highest' : 'lowest';
  if (asFar === 0) return `the ${record} in all ${formatDuration(spanMs)} of history (${formatNumber(points)} points)`;
  const as = side === 'above' ? 'as high' : 'as low';
  const before = `${formatNumber(asFar)} of ${formatNumber(points)} points ${asFar === 1 ? 'was' : 'were'} ${as}`;
  // A record of an hour is none.
  return lastMs !== null && lastMs >= 6 * 3_600_000 ? `the ${record} in ${formatDuration(lastMs)} (${before})` : before;
}
