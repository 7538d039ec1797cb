/** Calm points that separate two excursions: as many as end an anomaly. */
const APART = 6;
/** Levels below this share of the shipped boundary are everyday life, and not kept. */
export const LEAST_LEVEL = 0.05;

/** How high one excursion of a series reached, in the sense of an anomaly: raised just above it, the boundary opens none. */
export interface Excursion {
  readonly series: number;
  /** Index of the tick at which it was highest. */
  readonly tick: number;
  readonly level: number;
}

/**
 * Follows the scores of one series and says at which boundary each excursion would still have opened an anomaly: two
 * points in a row above it, or three of five (the rules of `anomaly-tracker.ts`).
 */
export class OpeningLevels {
  private readonly newest = new Float64Array(5);
  private count = 0;
  private best = 0;
  private bestTick = -1;
  private calm = 0;

  constructor(
    private readonly series: number,
    private readonly emit: (excursion: Excursion) => void,
  ) {}

  /** NaN where the series was not scored. */
  push(score: number, tick: number): void {
    if (Number.isNaN(score)) return;
    this.newest[this.count % 5] = score;
    this.count += 1;
    const level = this.level();
    if (level < LEAST_LEVEL) {
      this.calm += 1;
      if (this.calm >= APART) this.end();
      return;
    }
    this.calm = 0;
    if (level > this.best) [this.best, this.bestTick] = [level, tick];
  }

  /** The history is over. */
  end(): void {
    if (this.bestTick >= 0) this.emit({ series: this.series, tick: this.bestTick, level: this.best });
    this.best = 0;
    this.bestTick = -1;
  }

  /** Highest boundary that the newest points would open an anomaly at. */
  private level(): number {
    if (this.count < 2) return 0;
    const two = Math.min(this.newest[(this.count - 1) % 5]!, this.newest[(this.count - 2) % 5]!);
    if (this.count < 3) return two;
    // Third largest of the newest five.
    let [a, b, c] = [0, 0, 0];
    for (let i = 0; i < Math.min(5, this.count); i += 1) {
      const value = this.newest[i]!;
      if (value > a) [a, b, c] = [value, a, b];
      else if (value > b) [b, c] = [value, b];
      else if (value > c) c = value;
    }
    return Math.max(two, c);
  }
}
