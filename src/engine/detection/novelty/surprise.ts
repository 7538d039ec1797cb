import { ALL_LINEAR, noveltyAmong, rememberValue, SEEN_CAPACITY } from './seen-values.js';

/** Past peaks of novelty that are remembered; with 16 nothing is lost on NAB against all of them. */
const PEAKS = 16;
/** Novelty below this is none. */
const NO_NOVELTY = 0.003;
/** Points after which it no longer matters how long ago it was: a week at 5 minutes, 8 hours at 15 s. */
const LONGEST_RETURN = 2000;
/** What of the novelty of level, variability and residual counts beside that of the value. */
const LEVEL_WEIGHT = 0.4;
const VARIABILITY_WEIGHT = 0.4;
const RESIDUAL_WEIGHT = 0.4;

/** Places in `SurpriseState.counts`. */
const SEEN = 0;
const KEPT = 1;
const POINTS = 2;
const PEAK_TIMES = 3;

/** What surprise knows of one series: half a KB. Plain arrays, so that they can be stored as they are. */
export interface SurpriseState {
  /** Differences from the season that were seen, sorted. */
  readonly seen: Float32Array;
  /** Peaks of novelty, falling, each later than the one before. */
  readonly peaks: Float32Array;
  /** Differences seen, peaks kept, points so far, then the point of each peak. */
  readonly counts: Uint32Array;
}

export function createSurpriseState(): SurpriseState {
  return {
    seen: new Float32Array(SEEN_CAPACITY),
    peaks: new Float32Array(PEAKS),
    counts: new Uint32Array(PEAK_TIMES + PEAKS),
  };
}

/**
 * How notable a point is in the history of its series: its novelty, times how many points ago the series was as new as
 * that, to the power 3/4. Novelty is that of the value, and less of the rolling mean, the rolling standard deviation
 * and the difference from the season. Only the first point of something new stands out, so no time of holding back is
 * needed; what keeps happening fades. It ranks moments, and is not calibrated to a rate of alarms as the score is.
 *
 * @param residual difference from what the season of the series lets expect; NaN where nothing is known
 */
export function advanceSurprise(
  state: SurpriseState,
  value: number,
  level: number,
  variability: number,
  residual: number,
): number {
  const { seen, counts } = state;
  let novelty = value + LEVEL_WEIGHT * level + VARIABILITY_WEIGHT * variability;
  if (residual === residual) {
    const rounded = Math.fround(residual);
    const newness = noveltyAmong(seen, 0, counts[SEEN]!, rounded, 0, ALL_LINEAR);
    counts[SEEN] = rememberValue(seen, 0, counts[SEEN]!, rounded, newness, 0, ALL_LINEAR);
    novelty += RESIDUAL_WEIGHT * newness;
  }
  const point = counts[POINTS]!;
  counts[POINTS] = point + 1;
  if (novelty < NO_NOVELTY) return 0;
  return novelty * Math.min(pointsSince(state, Math.fround(novelty), point), LONGEST_RETURN) ** 0.75;
}

/** Points since the novelty was as high as now, all points so far if it never was; and remembers the present one. */
function pointsSince({ peaks, counts }: SurpriseState, novelty: number, point: number): number {
  let kept = counts[KEPT]!;
  while (kept > 0 && peaks[kept - 1]! < novelty) kept -= 1;
  const since = kept > 0 ? point - counts[PEAK_TIMES + kept - 1]! : point;
  if (kept === PEAKS) kept = joinTwo(peaks, counts);
  peaks[kept] = novelty;
  counts[PEAK_TIMES + kept] = point;
  counts[KEPT] = kept + 1;
  return since;
}

/** Makes one of the two neighbours that differ least: as high as the higher, as late as the later. */
function joinTwo(peaks: Float32Array, counts: Uint32Array): number {
  let least = Infinity;
  let joined = 0;
  for (let i = 0; i < PEAKS - 1; i += 1) {
    const ratio = peaks[i]! / peaks[i + 1]!;
    if (ratio >= least) continue;
    least = ratio;
    joined = i;
  }
  peaks.copyWithin(joined + 1, joined + 2, PEAKS);
  counts.copyWithin(PEAK_TIMES + joined, PEAK_TIMES + joined + 1, PEAK_TIMES + PEAKS);
  return PEAKS - 1;
}
