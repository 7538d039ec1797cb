/** What a baseline says of a point. One object is used again for all. */
export interface BaselineOutcome {
  /** 1.0 is the baseline's boundary; NaN while it learns. */
  score: number;
  yhat: number;
  /** Half-width of the band around `yhat`. */
  reach: number;
}

/** A simple method to measure others by: a pure function of what it remembers of a series and the next value. */
export interface BaselineScorer {
  readonly id: string;
  readonly version: string;
  /** Its only channel. */
  readonly channel: string;
  /** Points before the first score. */
  readonly minimumPoints: number;
  /** Numbers that it remembers of a series; all 0 in the beginning. The first counts the points. */
  readonly memoryLength: number;
  /** Scores a finite value and learns it; fills `outcome`. */
  advance(memory: Float64Array, value: number, outcome: BaselineOutcome): void;
}

/** Place of the number of points in every memory. */
export const POINTS = 0;
