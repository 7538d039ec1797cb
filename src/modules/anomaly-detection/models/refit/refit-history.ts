import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../../kernel/clock.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { EventTime } from '../../../environments/index.js';
import { TelemetryReader } from '../../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { DriftReadModel } from '../data/drift.read-model.js';

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
/** Series whose beginning is looked at: the middle one of them speaks for all. */
const LOOKED_AT = 5;

export interface HistoryForRefit {
  /** What has to come before anything can be fitted; null: there is enough. */
  readonly missing: null | {
    /** Null where waiting does not help. */
    readonly hours: number | null;
    /** One sentence. */
    readonly text: string;
  };
}

const ENOUGH: HistoryForRefit = { missing: null };

/** How much history of an environment there is to fit a calibration to, without reading all of it. */
@Injectable()
export class RefitHistory {
  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly eventTime: EventTime,
    private readonly readModel: DriftReadModel,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async of(environmentId: string): Promise<HistoryForRefit> {
    const now = await this.eventTime.now(environmentId);
    if (now === null) return missing(null, 'The environment still writes its history.');
    const { refitSeriesWeeks, refitHistoryHours, refitWarmUpHours, refitSeries } = this.config.models;
    const { series: all } = await this.readModel.newestDay(environmentId, new Date(now), new Date(now));
    const series = Math.min(all, refitSeries);
    if (series === 0) return missing(null, 'No series is scored yet.');
    const counted = (refitSeriesWeeks * WEEK_HOURS) / series;
    const needed = refitWarmUpHours + counted;
    if (counted > refitHistoryHours) {
      return missing(
        null,
        `${plural(series, 'series is', 'series are')} scored, too few for a calibration of their own: the ${refitHistoryHours} hours that a refit reads are ${((series * refitHistoryHours) / WEEK_HOURS).toFixed(1)} series weeks, ${refitSeriesWeeks} are needed. The shipped calibration holds.`,
      );
    }
    const from = await this.beginning(environmentId, now - needed * HOUR_MS, now);
    const hours = needed - (now - from) / HOUR_MS;
    // A tick or two of the beginning may be missing; the fit itself counts exactly.
    if (hours < 0.02 * needed) return ENOUGH;
    return missing(
      hours,
      `${hoursText(hours)} of history are missing: ${hoursText(needed)} are needed with ${plural(series, 'series', 'series')}.`,
    );
  }

  /** First sample in the range, of the middle one of some series; its end where there are none. */
  private async beginning(environmentId: string, from: EpochMs, to: EpochMs): Promise<EpochMs> {
    const ids = await this.readModel.scoredSeries(environmentId, LOOKED_AT);
    const samples = await this.telemetry.readSamples(environmentId, ids, { from, to });
    const firsts = ids.map((id) => samples.get(id)?.times[0] ?? to).sort((a, b) => a - b);
    return firsts[Math.floor(firsts.length / 2)] ?? to;
  }
}

function missing(hours: number | null, text: string): HistoryForRefit {
  return { missing: { hours, text } };
}

function hoursText(hours: number): string {
  return hours < 1 ? `${Math.max(1, Math.round(hours * 60))} minutes` : `${hours.toFixed(1)} hours`;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
