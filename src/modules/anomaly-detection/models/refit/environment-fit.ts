import { Injectable } from '@nestjs/common';
import { boundaryFor } from '../../../../engine/detection/calibration/calibration.js';
import { ChannelEnsemble } from '../../../../engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../../../engine/detection/ensemble/ensemble-settings.js';
import type { GraphRunner } from '../../../../engine/detection/detector.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { SeriesRules, type SeriesProfile } from '../../scoring/series-rules.js';
import { suppressionsOf } from '../../scoring/shard.js';
import { suppressedAt } from '../../scoring/tick-advance.js';
import { SeriesSettingsSource } from '../../settings/series-settings-source.js';
import { StudyHistory, type StudyRange } from '../../studies/study-history.js';
import type { Series } from '../../../telemetry/index.js';
import { concerns, ModelLabels, type LabelledRange } from '../shadow/model-labels.js';
import { fitBoundary, type FittedCalibration } from './fit-boundary.js';
import { OpeningLevels, type Excursion } from './opening-levels.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;
/** Ticks between two looks at whether the process wants to stop. */
const BREATHE_TICKS = 64;

export interface EnvironmentFit extends FittedCalibration {
  readonly from: Date;
  readonly until: Date;
  readonly series: number;
  /** Series times weeks that were counted. */
  readonly seriesWeeks: number;
}

interface Watched {
  readonly series: Series;
  readonly profile: SeriesProfile;
}

/** Fits a calibration to the recorded history of an environment: scores it with the plain channels, as if live. */
@Injectable()
export class EnvironmentFits {
  constructor(
    private readonly history: StudyHistory,
    private readonly settings: SeriesSettingsSource,
    private readonly rules: SeriesRules,
    private readonly labels: ModelLabels,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  /** Or a sentence that says why nothing was fitted. */
  async of(environmentId: string, signal: AbortSignal): Promise<EnvironmentFit | string> {
    const { refitHistoryHours, refitSeries } = this.config.models;
    const range = await this.history.rangeOf(environmentId, undefined, undefined, refitHistoryHours / 24);
    const settings = await this.settings.settingsFor(environmentId);
    const watched = (await this.history.seriesOf(environmentId, ''))
      .map((series) => ({ series, profile: this.rules.profileOf(series, settings) }))
      .filter(({ profile }) => profile.excluded === null);
    if (watched.length === 0) return 'no series is scored';
    const chosen = this.history.sample(spread(watched, refitSeries), range);
    const ids = chosen.map(({ series }) => series.id);
    const labels = await this.labels.of(environmentId, { from: range.from, to: range.to }, ids);
    const excursions: Excursion[] = [];
    let scored = 0;
    for (const part of this.history.chunks(chosen, range)) {
      scored += await this.scorePart(part, range, labels, excursions, signal);
    }
    const seriesWeeks = (scored * range.tickMs) / WEEK_MS;
    const { refitSeriesWeeks, refitWarmUpHours } = this.config.models;
    if (!(seriesWeeks >= refitSeriesWeeks)) {
      return `the history has ${seriesWeeks.toFixed(1)} series weeks after the first ${refitWarmUpHours} hours of each series; ${refitSeriesWeeks} are needed`;
    }
    const series = chosen.length;
    const fitted = fitBoundary({ excursions, series, seriesWeeks, tickMs: range.tickMs });
    return { ...fitted, from: new Date(range.from), until: new Date(range.to), series, seriesWeeks };
  }

  /** Answers how many points were counted. */
  private async scorePart(
    part: readonly Watched[],
    range: StudyRange,
    labels: LabelledRange,
    excursions: Excursion[],
    signal: AbortSignal,
  ): Promise<number> {
    const { grid } = range;
    const { minimumPoints } = this.config;
    const columns = await this.history.values(
      part.map(({ series }) => series),
      range,
    );
    const shipped = boundaryFor(1);
    const detector = new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, minimumPoints, boundary: shipped });
    const states = part.map(() => detector.createState());
    const settings = part.map(({ profile }) => profile.settings);
    const levels = part.map(
      ({ series }) =>
        new OpeningLevels(series.id, (excursion) => {
          if (isLabelled(excursion, range, labels)) return;
          excursions.push({ ...excursion, level: excursion.level * shipped });
        }),
    );
    const suppressions = suppressionsOf(part);
    // While a series is young its bands are wide, and what opens then says nothing of later.
    const warmUpTicks = (this.config.models.refitWarmUpHours * HOUR_MS) / grid.stepMs;
    const counted = columns.map((column) => column.findIndex((value) => !Number.isNaN(value)) + warmUpTicks);
    const values = new Float64Array(part.length);
    let scored = 0;
    for (let tick = 0; tick < grid.count; tick += 1) {
      const time = grid.first + tick * grid.stepMs;
      for (let i = 0; i < part.length; i += 1) values[i] = columns[i]![tick]!;
      // What happens in maintenance and closed hours opens nothing, so it says nothing of false alarms either.
      const suppressed = suppressedAt({ rows: part, suppressions }, time);
      const batch = { time, stepMs: grid.stepMs, states, values, settings, ...(suppressed && { suppressed }) };
      const { score } = await detector.update(batch, NO_MODEL);
      if (tick % BREATHE_TICKS === 0) {
        signal.throwIfAborted();
        await breathe();
      }
      if (time < range.from) continue;
      for (let i = 0; i < part.length; i += 1) {
        if (tick < counted[i]! || Number.isNaN(score[i]!) || suppressed?.[i] === 1) continue;
        scored += 1;
        levels[i]!.push(score[i]!, tick);
      }
    }
    for (const one of levels) one.end();
    return scored;
  }
}

const NO_MODEL: GraphRunner = () => Promise.reject(new Error('a calibration is fitted without learned models'));

/** Something was wrong then: it is no false alarm. */
function isLabelled({ series, tick }: Excursion, { grid }: StudyRange, { labels, services }: LabelledRange): boolean {
  const time = grid.first + tick * grid.stepMs;
  const shown = { seriesId: series, from: time, to: time + grid.stepMs };
  return labels.some((label) => label.wrong && concerns(label, shown, services));
}

/** As many as wanted, spread evenly. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);
}

/** Other jobs of this worker want their turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
