const WEEK_HOURS = 168;
/** So many alarms are counted rather than extrapolated; the tail is fitted to so many stretches. */
const COUNTED = 5;
const TAIL = 40;
/** Ticks that count as one alarm: ten minutes at 15 s. */
const BLOCK_TICKS = 40;
/** The tracker opens an anomaly on two points in a row, or three of five. */
const NEWEST = 5;

/** What one way of scoring did: highest score of each stretch of calm, and of each thing that should have been found. */
export interface Curve {
  readonly name: string;
  readonly calm: number[];
  readonly series: number[];
  readonly faults: { readonly kind: string; readonly harmful: boolean; readonly score: number }[];
}

export interface CalmSpan {
  /** Series that were watched, those that never moved included, times hours. */
  seriesHours: number;
}

/**
 * Score at which a way of scoring opens so many anomalies per 1,000 series and week of calm. Where the calm runs are too
 * short to count five of them, the tail is continued as a Pareto one (Hill's estimator on the highest 40 stretches).
 */
export function boundaryAt({ calm }: Curve, { seriesHours }: CalmSpan, perWeek: number): number {
  const weeks = seriesHours / WEEK_HOURS / 1000;
  const descending = Float64Array.from(calm).sort().reverse();
  const allowed = Math.floor(perWeek * weeks);
  if (allowed >= COUNTED) return descending[allowed] ?? 0;
  const tail = descending.subarray(0, Math.min(TAIL, descending.length - 1));
  const threshold = descending[tail.length]!;
  const hill = tail.reduce((sum, score) => sum + Math.log(score / threshold), 0) / tail.length;
  return threshold * (tail.length / weeks / perWeek) ** hill;
}

/** Anomalies per 1,000 series and week of calm at a boundary. */
export function alarmsAt({ calm }: Curve, { seriesHours }: CalmSpan, boundary: number): number {
  return calm.reduce((sum, score) => sum + (score > boundary ? 1 : 0), 0) / (seriesHours / WEEK_HOURS / 1000);
}

export function shareAbove(scores: readonly number[], boundary: number): number {
  return scores.reduce((sum, score) => sum + (score > boundary ? 1 : 0), 0) / scores.length;
}

/** Scores of many series as the tracker sees them: what a threshold must lie below for an anomaly to open now. */
export class Persistence {
  private readonly newest: Float64Array;
  private readonly highest: Float64Array;
  private ticks = 0;

  constructor(private readonly length: number) {
    this.newest = new Float64Array(length * NEWEST);
    this.highest = new Float64Array(length);
  }

  /** The same series go on elsewhere: rows of the copy, by index here. */
  branch(indexes: readonly number[]): Persistence {
    const copy = new Persistence(indexes.length);
    indexes.forEach((from, to) =>
      copy.newest.set(this.newest.subarray(from * NEWEST, (from + 1) * NEWEST), to * NEWEST),
    );
    return copy;
  }

  /** Answers the larger of: the smaller one of the newest two, the third largest of the newest five. */
  push(index: number, score: number): number {
    const at = index * NEWEST;
    const { newest } = this;
    for (let i = NEWEST - 1; i > 0; i -= 1) newest[at + i] = newest[at + i - 1]!;
    newest[at] = Number.isNaN(score) ? 0 : score;
    let [first, second, third] = [0, 0, 0];
    for (let i = 0; i < NEWEST; i += 1) {
      const value = newest[at + i]!;
      if (value > first) [third, second, first] = [second, first, value];
      else if (value > second) [third, second] = [second, value];
      else if (value > third) third = value;
    }
    const held = Math.max(Math.min(newest[at]!, newest[at + 1]!), third);
    if (held > this.highest[index]!) this.highest[index] = held;
    return held;
  }

  /** Call it after each tick: hands over the highest of each series when a block of ticks is full. */
  endTick(into: number[]): void {
    this.ticks += 1;
    if (this.ticks % BLOCK_TICKS !== 0) return;
    for (let i = 0; i < this.length; i += 1) if (this.highest[i]! > 0) into.push(this.highest[i]!);
    this.highest.fill(0);
  }
}
