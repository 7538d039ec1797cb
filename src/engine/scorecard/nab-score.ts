/** The three weightings of the benchmark: what a false detection and a missed window cost. */
export type NabProfile = 'standard' | 'lowFalsePositives' | 'lowFalseNegatives';

export const NAB_PROFILES: Readonly<Record<NabProfile, NabWeights>> = {
  standard: { falsePositive: 0.11, missedWindow: 1 },
  lowFalsePositives: { falsePositive: 0.22, missedWindow: 1 },
  lowFalseNegatives: { falsePositive: 0.11, missedWindow: 2 },
};

export interface NabWeights {
  readonly falsePositive: number;
  readonly missedWindow: number;
}

/** Rows of a labelled window, both inclusive, counted from 0. */
export interface NabWindow {
  readonly first: number;
  readonly last: number;
}

/** What a detector said about one file: a score per row, NaN where it said nothing. */
export interface NabFile {
  readonly name: string;
  readonly scores: ArrayLike<number>;
  /** Ascending, without overlap. */
  readonly windows: readonly NabWindow[];
}

export interface NabScore {
  /** 0 is a detector that says nothing, 100 one that finds each window at its first row and nothing else. */
  readonly score: number;
  /** Rows with a score at or above it are detections. Infinity: best to say nothing. */
  readonly threshold: number;
  readonly windows: number;
  readonly found: number;
  /** Detections outside of windows. */
  readonly falsePositives: number;
}

/** How the raw score of a file changes when the threshold falls to `threshold`; descending. */
export interface NabSteps {
  readonly thresholds: Float64Array;
  readonly changes: Float64Array;
  /** Windows with at least one scored row. */
  readonly windows: number;
}

/** The first rows of a file teach the detector and are not scored: 15 % of the rows, 750 at most. */
export function nabProbation(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 750);
}

/**
 * The sigmoid of the benchmark, from 1 far left of the end of a window over 0 at its end to -1 far right of it.
 * `position` is in widths of the window; beyond three widths it is -1.
 */
export function nabSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/**
 * What a detection in each row is worth before weights: in a window (1, its first row) down to almost 0 (its last),
 * outside from 0 down to -1 by its distance to the last window before.
 */
export function nabRowValues(rows: number, windows: readonly NabWindow[]): Float64Array {
  const best = nabSigmoid(-1);
  const values = new Float64Array(rows).fill(-1);
  windows.forEach(({ first, last }, w) => {
    const width = last - first + 1;
    for (let i = first; i <= last; i += 1) values[i] = nabSigmoid(-(last - i + 1) / width) / best;
    const until = windows[w + 1]?.first ?? rows;
    for (let i = last + 1; i < until; i += 1) values[i] = nabSigmoid((i - last) / Math.max(1, width - 1));
  });
  return values;
}

/** What happens to the raw score of a file as the threshold falls from infinity. */
export function nabSteps(file: NabFile, weights: NabWeights): NabSteps {
  const rows = file.scores.length;
  const worth = nabRowValues(rows, file.windows);
  const windowOf = new Int32Array(rows).fill(-1);
  file.windows.forEach(({ first, last }, w) => windowOf.fill(w, first, last + 1));

  const scored: number[] = [];
  for (let i = nabProbation(rows); i < rows; i += 1) if (!Number.isNaN(file.scores[i]!)) scored.push(i);
  scored.sort((a, b) => file.scores[b]! - file.scores[a]!);

  const earned = new Float64Array(file.windows.length).fill(-weights.missedWindow);
  const thresholds: number[] = [];
  const changes: number[] = [];
  for (const i of scored) {
    const w = windowOf[i]!;
    let change = worth[i]! * weights.falsePositive;
    if (w >= 0) {
      if (worth[i]! <= earned[w]!) continue;
      change = worth[i]! - earned[w]!;
      earned[w] = worth[i]!;
    }
    thresholds.push(file.scores[i]!);
    changes.push(change);
  }
  const windows = file.windows.filter(({ last }) => last >= nabProbation(rows)).length;
  return { thresholds: Float64Array.from(thresholds), changes: Float64Array.from(changes), windows };
}

/** The threshold with the best raw score over files, and the score it gives. */
export function bestNabThreshold(
  files: readonly NabSteps[],
  weights: NabWeights,
): { readonly threshold: number; readonly score: number } {
  const windows = files.reduce((sum, file) => sum + file.windows, 0);
  const mostToGain = windows * (1 + weights.missedWindow);
  const next = new Int32Array(files.length);
  let best = 0;
  let threshold = Infinity;
  let gained = 0;
  // Once more is lost than all windows together can bring back, no lower threshold can be the best.
  while (gained >= best - mostToGain) {
    let highest = -Infinity;
    files.forEach(({ thresholds }, f) => {
      const step = next[f]!;
      if (step < thresholds.length && thresholds[step]! > highest) highest = thresholds[step]!;
    });
    if (highest === -Infinity) break;
    files.forEach(({ thresholds, changes }, f) => {
      for (; thresholds[next[f]!] === highest; next[f]! += 1) gained += changes[next[f]!]!;
    });
    if (gained <= best) continue;
    best = gained;
    threshold = highest;
  }
  return { threshold, score: normalised(best, windows, weights) };
}

/** Score of files at a threshold that was chosen elsewhere. */
export function nabScoreAt(files: readonly NabSteps[], threshold: number, weights: NabWeights): number {
  let gained = 0;
  let windows = 0;
  for (const file of files) {
    windows += file.windows;
    for (let i = 0; i < file.thresholds.length && file.thresholds[i]! >= threshold; i += 1) gained += file.changes[i]!;
  }
  return normalised(gained, windows, weights);
}

/** `gained` over the detector that says nothing, of what a perfect one gains. */
function normalised(gained: number, windows: number, { missedWindow }: NabWeights): number {
  return windows === 0 ? 0 : (100 * gained) / (windows * (1 + missedWindow));
}

/**
 * Score of a detector on the Numenta Anomaly Benchmark (Lavin and Ahmad 2015): each window counts its earliest
 * detection, each detection outside costs. Without a `threshold` the one that is best over all files together serves.
 */
export function nabScore(files: readonly NabFile[], profile: NabProfile = 'standard', threshold?: number): NabScore {
  const weights = NAB_PROFILES[profile];
  const steps = files.map((file) => nabSteps(file, weights));
  const chosen = threshold ?? bestNabThreshold(steps, weights).threshold;
  const counts = files.map((file) => countDetections(file, chosen));
  return {
    score: nabScoreAt(steps, chosen, weights),
    threshold: chosen,
    windows: steps.reduce((sum, file) => sum + file.windows, 0),
    found: counts.reduce((sum, { found }) => sum + found, 0),
    falsePositives: counts.reduce((sum, file) => sum + file.falsePositives, 0),
  };
}

function countDetections({ scores, windows }: NabFile, threshold: number) {
  const found = new Set<number>();
  let falsePositives = 0;
  let w = 0;
  for (let i = nabProbation(scores.length); i < scores.length; i += 1) {
    if (!(scores[i]! >= threshold)) continue;
    while (w < windows.length && windows[w]!.last < i) w += 1;
    if (w < windows.length && windows[w]!.first <= i) found.add(w);
    else falsePositives += 1;
  }
  return { found: found.size, falsePositives };
}
