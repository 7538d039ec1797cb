import { Injectable } from '@nestjs/common';
import { METRIC_NAME_LABEL } from '../../../kernel/time-series.js';
import { TelemetryWriter, type SeriesDescription } from '../../telemetry/index.js';
import type { ScoreColumns } from './score-columns.js';
import type { Shard, ShardSeries } from './shard.js';

/** Names of the series we record, in the vocabulary of vmanomaly, for which dashboards exist. */
export const DERIVED_METRICS = ['anomaly_score', 'y', 'yhat', 'yhat_lower', 'yhat_upper'] as const;
/** Label that tells which metric a derived series belongs to. */
const SOURCE_LABEL = 'for';

/** Records scores as series of their own, with the labels of their source. */
@Injectable()
export class ScoreRecorder {
  constructor(private readonly telemetry: TelemetryWriter) {}

  /** Idempotent: the same ticks give the same samples at the same times. */
  async record(shard: Shard, scores: ScoreColumns): Promise<void> {
    if (scores.points === 0) return;
    await this.ensureSeries(shard, scores);
    const { rows, times, columns, points } = scores;
    const width = rows.length;
    const length = points * columns.length;
    const seriesIds = new Int32Array(length);
    const at = new Float64Array(length);
    const values = new Float64Array(length);
    const [score] = columns;
    let next = 0;
    // By series, then time: the order in which they are stored, so that nothing has to be sorted for most.
    for (let r = 0; r < width; r += 1) {
      const ids = rows[r]!.derivedIds;
      if (ids === null) continue;
      for (let c = 0; c < columns.length; c += 1) {
        const column = columns[c]!;
        const id = ids[c]!;
        for (let tick = 0, i = r; tick < times.length; tick += 1, i += width) {
          if (Number.isNaN(score![i]!)) continue;
          seriesIds[next] = id;
          at[next] = times[tick]!;
          values[next] = column[i]!;
          next += 1;
        }
      }
    }
    await this.telemetry.append(shard.environmentId, { seriesIds, times: at, values });
  }

  private async ensureSeries(shard: Shard, { rows, times, columns }: ScoreColumns): Promise<void> {
    const lacking: ShardSeries[] = [];
    const score = columns[0]!;
    for (let r = 0; r < rows.length; r += 1) {
      if (rows[r]!.derivedIds !== null) continue;
      let scored = false;
      for (let i = r; i < times.length * rows.length && !scored; i += rows.length) scored = !Number.isNaN(score[i]!);
      if (scored) lacking.push(rows[r]!);
    }
    if (lacking.length === 0) return;
    // Series that are computed do not count against the environment's limit.
    const ids = await this.telemetry.resolveSeries(shard.environmentId, lacking.flatMap(describe));
    lacking.forEach((row, i) => {
      row.derivedIds = ids.slice(i * DERIVED_METRICS.length, (i + 1) * DERIVED_METRICS.length);
    });
  }
}

function describe({ series }: ShardSeries): SeriesDescription[] {
  const source = series.labels[METRIC_NAME_LABEL] ?? '';
  return DERIVED_METRICS.map((metric) => ({
    labels: { ...series.labels, [METRIC_NAME_LABEL]: metric, [SOURCE_LABEL]: source },
    metricType: 'gauge',
    derivedFrom: series.id,
  }));
}
