import { NOVELTY_WINDOW, type NoveltyState } from '../novelty/range-novelty.js';
import { noveltyAmong, rememberValue, SEEN_PLACES } from '../novelty/seen-values.js';
import { advanceSurprise, type SurpriseSettings } from '../novelty/surprise.js';
import { LEVEL, VALUE, VARIABILITY } from './channels.js';
import type { EnsembleState } from './ensemble-state.js';
import { seasonAt, type SeasonClock } from './season.js';
import { BASE, CLOUDED, ROLLING, ROLLING_SQUARES, ROLLING_SUM, SLOW, STATISTIC } from './state-layout.js';

/** Place of the number of points in `NoveltyState.counts`, behind the three channels. */
const POINTS = 3;

/**
 * Novelty of the value, of its rolling mean and of its rolling standard deviation (`novelty/range-novelty.ts`), in two
 * steps, because what is learned of a point is decided only after it was judged. Values are kept relative to the
 * first one of the series, so that float32 tells 16 GiB from 16 GiB and a page.
 *
 * @param suppressed in maintenance or closed hours: the point stays out of the rolling window, which is not judged
 */
export function measureNovelty(numbers: Float64Array, state: NoveltyState, value: number, suppressed: boolean): void {
  const { seen, window, counts } = state;
  const points = counts[POINTS]!;
  const place = points % NOVELTY_WINDOW;
  const newest = Math.fround(value - numbers[BASE]!);
  if (suppressed) {
    numbers[STATISTIC + VALUE] = noveltyAmong(seen, 0, counts[0]!, newest, numbers[BASE]!);
    numbers[STATISTIC + LEVEL] = numbers[STATISTIC + VARIABILITY] = 0;
    return;
  }
  const oldest = window[place]!;
  window[place] = newest;
  counts[POINTS] = points + 1;
  if (place === NOVELTY_WINDOW - 1) sumAgain(numbers, window);
  else {
    numbers[ROLLING_SUM]! += newest - oldest;
    numbers[ROLLING_SQUARES]! += newest * newest - oldest * oldest;
  }
  numbers[STATISTIC + VALUE] = noveltyAmong(seen, 0, counts[0]!, newest, numbers[BASE]!);
  if (points + 1 < NOVELTY_WINDOW) {
    numbers[STATISTIC + LEVEL] = numbers[STATISTIC + VARIABILITY] = 0;
    return;
  }
  const mean = numbers[ROLLING_SUM]! / NOVELTY_WINDOW;
  const variance = numbers[ROLLING_SQUARES]! / NOVELTY_WINDOW - mean * mean;
  numbers[ROLLING] = Math.fround(mean);
  numbers[ROLLING + 1] = Math.fround(Math.sqrt(Math.max(0, variance)));
  numbers[STATISTIC + LEVEL] = noveltyAmong(seen, SEEN_PLACES, counts[1]!, numbers[ROLLING]!, numbers[BASE]!);
  numbers[STATISTIC + VARIABILITY] = noveltyAmong(seen, 2 * SEEN_PLACES, counts[2]!, numbers[ROLLING + 1]!);
}

/** The newest point, as `measureNovelty` left it, was normal. */
export function learnNovelty(numbers: Float64Array, state: NoveltyState, value: number): void {
  const { seen, counts } = state;
  const newest = Math.fround(value - numbers[BASE]!);
  counts[0] = rememberValue(seen, 0, counts[0]!, newest, numbers[STATISTIC + VALUE]!, numbers[BASE]!);
  if (counts[POINTS]! < NOVELTY_WINDOW) return;
  if (numbers[CLOUDED]! > 0) {
    // The rolling values are still of the anomaly that ended: they are not normal.
    numbers[CLOUDED]! -= 1;
    return;
  }
  const [mean, deviation] = [numbers[ROLLING]!, numbers[ROLLING + 1]!];
  const base = numbers[BASE]!;
  counts[1] = rememberValue(seen, SEEN_PLACES, counts[1]!, mean, numbers[STATISTIC + LEVEL]!, base);
  counts[2] = rememberValue(seen, 2 * SEEN_PLACES, counts[2]!, deviation, numbers[STATISTIC + VARIABILITY]!);
}

/** Surprise of the newest point, as `measureNovelty` left it, and learns it. */
export function measureSurprise(
  { numbers, profile, novelty, surprise }: EnsembleState,
  value: number,
  clock: SeasonClock,
  settings: SurpriseSettings,
): number {
  const weekly = seasonAt(numbers, profile, 2, clock);
  const daily = weekly === weekly ? weekly : seasonAt(numbers, profile, 1, clock);
  const expected = daily === daily ? daily : numbers[SLOW]!;
  const base = numbers[BASE]!;
  const full = novelty.counts[POINTS]! >= NOVELTY_WINDOW;
  const level = full ? numbers[ROLLING]! : NaN;
  const variability = full ? numbers[ROLLING + 1]! : NaN;
  return advanceSurprise(surprise, value - base, base, level, variability, value - expected, settings);
}

/** Once a turn of the window, against the rounding errors of running sums. */
function sumAgain(numbers: Float64Array, window: Float32Array): void {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < NOVELTY_WINDOW; i += 1) {
    const value = window[i]!;
    sum += value;
    squares += value * value;
  }
  numbers[ROLLING_SUM] = sum;
  numbers[ROLLING_SQUARES] = squares;
}
