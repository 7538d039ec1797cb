import { NOVELTY_WINDOW } from '../novelty/range-novelty.js';
import { noveltyAmong, rememberValue, SEEN_PLACES } from '../novelty/seen-values.js';
import { advanceSurprise, type SurpriseSettings, type SurpriseState } from '../novelty/surprise.js';
import { LEVEL, VALUE, VARIABILITY } from './channels.js';
import { seasonAt, type SeasonClock } from './season.js';
import {
  BASE,
  CLOUDED,
  ROLLING,
  ROLLING_SQUARES,
  ROLLING_SUM,
  SEEN,
  SEEN_COUNT,
  SLOW,
  STATISTIC,
  WINDOW,
  WINDOWED,
} from './state-layout.js';

/** Where the sets of the rolling mean and of the rolling standard deviation begin; that of the value is at `SEEN`. */
const LEVELS = SEEN + SEEN_PLACES;
const VARIABILITIES = LEVELS + SEEN_PLACES;
/** A twentieth below the largest float32: rolling sums of it may round up. */
const MOST = 3.2e38;

/**
 * Novelty of the value, of its rolling mean and of its rolling standard deviation (`novelty/seen-values.ts`), in two
 * steps, because what is learned of a point is decided only after it was judged. Values are kept relative to the
 * first one of the series, so that float32 tells 16 GiB from 16 GiB and a page.
 *
 * @param suppressed in maintenance or closed hours: the point stays out of the rolling window, which is not judged
 */
export function measureNovelty(numbers: Float64Array, floats: Float32Array, value: number, suppressed: boolean): void {
  const base = numbers[BASE]!;
  const newest = toFloat(value - base);
  numbers[STATISTIC + VALUE] = noveltyAmong(floats, SEEN, numbers[SEEN_COUNT]!, newest, base);
  if (suppressed) {
    numbers[STATISTIC + LEVEL] = numbers[STATISTIC + VARIABILITY] = 0;
    return;
  }
  const points = numbers[WINDOWED]!;
  const place = points % NOVELTY_WINDOW;
  const oldest = floats[WINDOW + place]!;
  floats[WINDOW + place] = newest;
  numbers[WINDOWED] = points + 1;
  if (place === NOVELTY_WINDOW - 1) sumAgain(numbers, floats);
  else {
    numbers[ROLLING_SUM]! += newest - oldest;
    numbers[ROLLING_SQUARES]! += newest * newest - oldest * oldest;
  }
  if (points + 1 < NOVELTY_WINDOW) {
    numbers[STATISTIC + LEVEL] = numbers[STATISTIC + VARIABILITY] = 0;
    return;
  }
  const mean = numbers[ROLLING_SUM]! / NOVELTY_WINDOW;
  const variance = numbers[ROLLING_SQUARES]! / NOVELTY_WINDOW - mean * mean;
  const level = Math.fround(mean);
  const variability = Math.fround(Math.sqrt(Math.max(0, variance)));
  numbers[ROLLING] = level;
  numbers[ROLLING + 1] = variability;
  numbers[STATISTIC + LEVEL] = noveltyAmong(floats, LEVELS, numbers[SEEN_COUNT + 1]!, level, base);
  numbers[STATISTIC + VARIABILITY] = noveltyAmong(floats, VARIABILITIES, numbers[SEEN_COUNT + 2]!, variability, 0);
}

/** The newest point, as `measureNovelty` left it, was normal. */
export function learnNovelty(numbers: Float64Array, floats: Float32Array, value: number): void {
  const base = numbers[BASE]!;
  const newest = toFloat(value - base);
  const count = numbers[SEEN_COUNT]!;
  numbers[SEEN_COUNT] = rememberValue(floats, SEEN, count, newest, numbers[STATISTIC + VALUE]!, base);
  if (numbers[WINDOWED]! < NOVELTY_WINDOW) return;
  if (numbers[CLOUDED]! > 0) {
    // The rolling values are still of the anomaly that ended: they are not normal.
    numbers[CLOUDED]! -= 1;
    return;
  }
  const [levels, variabilities] = [numbers[SEEN_COUNT + 1]!, numbers[SEEN_COUNT + 2]!];
  const [level, variability] = [numbers[ROLLING]!, numbers[ROLLING + 1]!];
  numbers[SEEN_COUNT + 1] = rememberValue(floats, LEVELS, levels, level, numbers[STATISTIC + LEVEL]!, base);
  const novelty = numbers[STATISTIC + VARIABILITY]!;
  numbers[SEEN_COUNT + 2] = rememberValue(floats, VARIABILITIES, variabilities, variability, novelty, 0);
}

/** Surprise of the newest point, as `measureNovelty` left it. */
export function measureSurprise(
  numbers: Float64Array,
  floats: Float32Array,
  surprise: SurpriseState,
  value: number,
  clock: SeasonClock,
  settings: SurpriseSettings,
): number {
  const weekly = seasonAt(numbers, floats, 2, clock);
  const daily = weekly === weekly ? weekly : seasonAt(numbers, floats, 1, clock);
  const expected = daily === daily ? daily : numbers[SLOW]!;
  return advanceSurprise(
    surprise,
    value - numbers[BASE]!,
    numbers[STATISTIC + VALUE]!,
    numbers[STATISTIC + LEVEL]!,
    numbers[STATISTIC + VARIABILITY]!,
    value - expected,
    settings,
  );
}

/** As float32, without its infinities. */
function toFloat(value: number): number {
  return Math.fround(value > MOST ? MOST : value < -MOST ? -MOST : value);
}

/** Once a turn of the window, against the rounding errors of running sums. */
function sumAgain(numbers: Float64Array, floats: Float32Array): void {
  let sum = 0;
  let squares = 0;
  for (let i = WINDOW; i < WINDOW + NOVELTY_WINDOW; i += 1) {
    const value = floats[i]!;
    sum += value;
    squares += value * value;
  }
  numbers[ROLLING_SUM] = sum;
  numbers[ROLLING_SQUARES] = squares;
}
