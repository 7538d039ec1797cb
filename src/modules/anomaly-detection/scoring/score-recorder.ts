import { Injectable } from '@nestjs/common';
import { METRIC_NAME_LABEL } from '../../../kernel/time-series.js';
import { TelemetryWriter, type SeriesDescription } from '../../telemetry/index.js';
import type { Shard, ShardSeries } from './shard.js';
import type { ScoredTicks } from './tick-scorer.js';

/** Names of the series we record, in the vocabulary of vmanomaly, for which dashboards exist. */
export const DERIVED_METRICS = ['anomaly_score', 'yhat', 'yhat_lower', 'yhat_upper'] as const;
/** Label that tells which metric a derived series belongs to. */
const SOURCE_LABEL = 'for';

/** Records scores as series of their own, with the labels of their source. */
@Injectable()
export class ScoreRecorder {
  constructor(private readonly telemetry: TelemetryWriter) {}

  /** Idempotent: the same ticks give the same samples at the same times. */
  async record(shard: Shard, { scores, points }: ScoredTicks): Promise<void> {
    if (points === 0) return;
    await this.ensureSeries(shard, scores);
    const length = points * DERIVED_METRICS.length;
    const batch = {
      seriesIds: new Int32Array(length),
      times: new Float64Array(length),
      values: new Float64Array(length),
    };
    let next = 0;
    for (const { at, rows, update } of scores) {
      const columns = [update.score, update.yhat, update.yhatLower, update.yhatUpper];
      rows.forEach((row, index) => {
        if (Number.isNaN(update.score[index]!)) return;
        columns.forEach((column, metric) => {
          batch.seriesIds[next] = row.derivedIds![metric]!;
          batch.times[next] = at;
          batch.values[next] = column[index]!;
          next += 1;
        });
      });
    }
    await this.telemetry.append(shard.environmentId, batch);
  }

  private async ensureSeries(shard: Shard, scores: ScoredTicks['scores']): Promise<void> {
    const lacking = new Set<ShardSeries>();
    for (const { rows, update } of scores) {
      rows.forEach((row, index) => {
        if (row.derivedIds === null && !Number.isNaN(update.score[index]!)) lacking.add(row);
      });
    }
    if (lacking.size === 0) return;
    const rows = [...lacking];
    // Series that are computed do not count against the environment's limit.
    const ids = await this.telemetry.resolveSeries(shard.environmentId, rows.flatMap(describe));
    rows.forEach((row, i) => {
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
