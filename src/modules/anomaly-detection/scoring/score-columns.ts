import type { DetectorUpdate } from '../../../engine/detection/detector.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { ShardSeries } from './shard.js';

/** Scores of some ticks of a shard, by tick, then by row; NaN where a row was not scored. */
export class ScoreColumns {
  readonly times: EpochMs[] = [];
  /** In the order of `DERIVED_METRICS`. */
  readonly columns: readonly Float64Array[];
  /** Points that were scored. */
  points = 0;

  constructor(
    readonly rows: readonly ShardSeries[],
    ticks: number,
  ) {
    this.columns = Array.from({ length: 5 }, () => new Float64Array(rows.length * ticks));
  }

  /** A detector may use its arrays again, so they are copied. */
  add(at: EpochMs, values: Float64Array, update: DetectorUpdate): void {
    const from = this.times.push(at) - 1;
    const offset = from * this.rows.length;
    const sources = [update.score, values, update.yhat, update.yhatLower, update.yhatUpper];
    for (let c = 0; c < sources.length; c += 1) this.columns[c]!.set(sources[c]!, offset);
    const { score } = update;
    for (let i = 0; i < score.length; i += 1) if (!Number.isNaN(score[i]!)) this.points += 1;
  }
}
