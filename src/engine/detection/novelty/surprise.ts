import { ALL_LINEAR, noveltyAmong, rememberValue, SEEN_PLACES } from './seen-values.js';

/** What turns novelty into surprise. */
export interface SurpriseSettings {
  /** What the novelty of each of these counts beside that of the value itself. */
  readonly levelWeight: number;
  readonly variabilityWeight: number;
  readonly jumpWeight: number;
  readonly residualWeight: number;
  /** Power of the number of points since the series was as new as now. */
  readonly returnPower: number;
}

/** In the middle of wide plateaus on NAB: half or double of any of them costs 1 to 2 points. */
export const DEFAULT_SURPRISE: SurpriseSettings = {
  levelWeight: 0.4,
  variabilityWeight: 0.4,
  jumpWeight: 0.4,
  residualWeight: 0.4,
  returnPower: 0.75,
};

/** Past peaks of novelty that are remembered; with 16 nothing is lost on NAB against all of them. */
const PEAKS = 16;
/** Novelty below this is none. */
const NO_NOVELTY = 0.003;
/** Points after which it no longer matters how long ago it was: a week at 5 minutes, 8 hours at 15 s. */
const LONGEST_RETURN = 2000;
/** Weight of a value in the mean that a jump is measured from, once there are enough of them. */
const JUMP_RATE = 1 / 12;

/** Parts of `SurpriseState.seen`, and places in `counts`. */
const JUMPS = 0;
const RESIDUALS = 1;
const PARTS = 2;
const KEPT = 2;
const POINTS = 3;
const PEAK_TIMES = 4;
/** Place in `SurpriseState.peaks` behind the peaks. */
const RECENT_MEAN = PEAKS;

/**
 * What surprise knows of one series beside what the channels that judge know: 0.7 KB. Plain arrays, so that they can be
 * stored as they are. It learns every point at once, unlike the channels, which hold back what they called an anomaly.
 */
export interface SurpriseState {
  /** What was seen of jumps and of differences from the season: `SEEN_PLACES` each. */
  readonly seen: Float32Array;
  /** Peaks of novelty, falling, each later than the one before; then the mean of the newest values. */
  readonly peaks: Float32Array;
  /** How many were seen of each, peaks kept, points so far, then the point of each peak. */
  readonly counts: Uint32Array;
}

export function createSurpriseState(): SurpriseState {
  return {
    seen: new Float32Array(PARTS * SEEN_PLACES),
    peaks: new Float32Array(PEAKS + 1),
    counts: new Uint32Array(PEAK_TIMES + PEAKS),
  };
}

/**
 * How notable a point is in the history of its series: its novelty, times a power of how many points ago the series
 * was as new as that. Novelty is that of the value, and with less weight of the rolling mean, the rolling standard
 * deviation, the jump from the newest values, and the difference from the season. Only the first point of something
 * new stands out, so no time of holding back is needed, and what keeps happening fades. It ranks moments, and is not
 * calibrated to a rate of alarms as the score is. Allocates nothing.
 *
 * @param value less a number that is the same for all points of the series
 * @param valueNovelty of the value, 0 to 1 (`noveltyAmong`), as the channels that judge know it
 * @param levelNovelty of the rolling mean; 0 while it is not known
 * @param variabilityNovelty of the rolling standard deviation; 0 while it is not known
 * @param residual difference from what the season of the series lets expect; NaN where nothing is known
 */
export function advanceSurprise(
  state: SurpriseState,
  value: number,
  valueNovelty: number,
  levelNovelty: number,
  variabilityNovelty: number,
  residual: number,
  settings: SurpriseSettings,
): number {
  const { peaks, counts } = state;
  const point = counts[POINTS]!;
  const jump = point === 0 ? 0 : value - peaks[RECENT_MEAN]!;
  peaks[RECENT_MEAN]! += (value - peaks[RECENT_MEAN]!) * Math.max(JUMP_RATE, 1 / (point + 1));
  counts[POINTS] = point + 1;
  const joined =
    valueNovelty +
    settings.levelWeight * levelNovelty +
    settings.variabilityWeight * variabilityNovelty +
    settings.jumpWeight * advanceSeen(state, JUMPS, jump) +
    settings.residualWeight * advanceSeen(state, RESIDUALS, residual);
  if (joined < NO_NOVELTY) return 0;
  const since = pointsSince(peaks, counts, Math.fround(joined), point);
  return joined * Math.min(since, LONGEST_RETURN) ** settings.returnPower;
}

/** How new a number is among those seen, and remembers it. */
function advanceSeen({ seen, counts }: SurpriseState, part: number, x: number): number {
  if (x !== x) return 0;
  const from = part * SEEN_PLACES;
  const rounded = Math.fround(x);
  const novelty = noveltyAmong(seen, from, counts[part]!, rounded, 0, ALL_LINEAR);
  counts[part] = rememberValue(seen, from, counts[part]!, rounded, novelty, 0, ALL_LINEAR);
  return novelty;
}

/** Points since the novelty was as high as now, all points so far if it never was; and remembers the present one. */
function pointsSince(peaks: Float32Array, counts: Uint32Array, novelty: number, point: number): number {
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
