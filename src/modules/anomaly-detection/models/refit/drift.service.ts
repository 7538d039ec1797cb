import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { TelemetryReader } from '../../../telemetry/index.js';
import { EventTime } from '../../../environments/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { SeriesSettingsSource } from '../../settings/series-settings-source.js';
import { DriftReadModel } from '../data/drift.read-model.js';
import { poissonProbability } from './poisson.js';
import { addScore, scoreHistogram, stabilityIndex } from './stability-index.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Recorded scores that the stability index looks at. */
const MOST_SERIES = 200;

export interface Drift {
  /** Why a refit is due; null where all is as it was. */
  readonly reason: string | null;
  readonly anomalies: number;
  readonly expected: number;
  readonly probability: number;
  /** Null where nothing was fitted yet, or no scores are recorded. */
  readonly index: number | null;
}

/** Whether an environment still behaves as its calibration was told. */
@Injectable()
export class DriftWatch {
  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly eventTime: EventTime,
    private readonly settings: SeriesSettingsSource,
    private readonly drift: DriftReadModel,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async of(environmentId: string): Promise<Drift> {
    const now = await this.eventTime.now(environmentId);
    const none = { reason: null, anomalies: 0, expected: 0, probability: 1, index: null };
    if (now === null) return none;
    const { falseAlarmsPerWeek } = await this.settings.settingsFor(environmentId);
    const since = now - DAY_MS;
    const { anomalies, series } = await this.drift.newestDay(environmentId, new Date(since), new Date(now));
    const expected = (falseAlarmsPerWeek * series * DAY_MS) / WEEK_MS / 1_000;
    const probability = poissonProbability(anomalies, expected);
    const index = await this.indexOf(environmentId, since, now);
    const { driftProbability, driftIndex } = this.config.models;
    const reasons: string[] = [];
    // Too few is no reason: a calm day is what everybody hopes for.
    if (anomalies > expected && probability < driftProbability) {
      reasons.push(
        `${anomalies} anomalies in a day where ${expected.toFixed(2)} were chosen (probability ${probability.toExponential(1)})`,
      );
    }
    if (index !== null && index > driftIndex) {
      reasons.push(`scores have moved since the last fit (stability index ${index.toFixed(2)})`);
    }
    return { reason: reasons.length > 0 ? reasons.join('; ') : null, anomalies, expected, probability, index };
  }

  /** Recorded scores of a spread of series as a histogram. */
  async histogramOf(environmentId: string, from: number, to: number): Promise<number[]> {
    const histogram = scoreHistogram();
    const sources = await this.drift.scoredSeries(environmentId, MOST_SERIES);
    if (sources.length === 0) return histogram;
    const derived = await this.telemetry.derivedSeries(environmentId, sources, 'anomaly_score');
    const ids = derived.map(({ id }) => id);
    const samples = await this.telemetry.readSamples(environmentId, ids, { from, to });
    for (const { values } of samples.values()) for (const value of values) addScore(histogram, value);
    return histogram;
  }

  private async indexOf(environmentId: string, from: number, to: number): Promise<number | null> {
    const then = await this.drift.fittedHistogram(environmentId);
    return then === null ? null : stabilityIndex(then, await this.histogramOf(environmentId, from, to));
  }
}
