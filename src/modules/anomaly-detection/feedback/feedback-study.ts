import { Injectable } from '@nestjs/common';
import { anyTouches } from '../../../engine/detection/settings/compare-anomalies.js';
import {
  belongingOf,
  concerns,
  factorsFor,
  factorsOf,
  type ChannelFactors,
  type Feedback,
} from '../../../engine/detection/settings/feedback-factors.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { EventTime } from '../../environments/index.js';
import { TelemetryReader, type Series } from '../../telemetry/index.js';
import { SeriesNotFoundError } from '../anomaly-detection.errors.js';
import { SeriesRules } from '../scoring/series-rules.js';
import { SeriesSettingsSource, type SeriesSettingsResolver } from '../settings/series-settings-source.js';
import { ChangeStudy } from '../studies/change-study.js';
import { StudyDetectors, type MakeDetector } from '../studies/study-detectors.js';
import { StudyHistory, type StudyRange } from '../studies/study-history.js';
import type { StudyProgress, StudyRow } from '../studies/study.types.js';
import { NoEffectError } from './feedback.errors.js';
import { FeedbackSaver } from './feedback-saver.js';
import { feedbackTask, type FeedbackOutcome, type FeedbackTask } from './feedback-task.js';
import { SilenceFeedback } from './silence-feedback.js';
import { summaryOf } from './feedback-summary.js';

const EFFECT_MS = 7 * 86_400_000;
/** A channel's score may hang together with others: what one round does not reach, the next may. */
const ROUNDS = 4;
const PUSH = 1.25;

/** Works out what feedback changes, and what that would have done over the last days. */
@Injectable()
export class FeedbackStudy {
  constructor(
    private readonly history: StudyHistory,
    private readonly changes: ChangeStudy,
    private readonly detectors: StudyDetectors,
    private readonly source: SeriesSettingsSource,
    private readonly rules: SeriesRules,
    private readonly telemetry: TelemetryReader,
    private readonly eventTime: EventTime,
    private readonly saver: FeedbackSaver,
    private readonly silence: SilenceFeedback,
  ) {}

  async run(study: StudyRow, progress: StudyProgress): Promise<FeedbackOutcome> {
    const { environmentId } = study;
    const task = feedbackTask.parse(study.request);
    const silence = await this.silence.subject(environmentId, task);
    if (silence) {
      const now = (await this.eventTime.now(environmentId)) ?? task.to;
      const outcome = await this.silence.outcome(silence, task, now);
      if (task.save) await this.saver.save(study, { ...task, scope: 'like' }, outcome, task.save);
      return outcome;
    }
    const [series] = await this.telemetry.seriesByIds(environmentId, [task.seriesId]);
    if (!series) throw new SeriesNotFoundError(task.seriesId);
    const range = await this.rangeOf(environmentId, task);
    const resolver = await this.source.settingsFor(environmentId);
    const detector = await this.detectors.of(environmentId, resolver.falseAlarmsPerWeek);
    const factors = await this.factors(task, series, range, resolver, detector, progress);
    const feedback = feedbackOf(task, series.labels, factors);

    const proposed = resolver.proposed({ feedback });
    const like = task.scope === 'series' ? [series] : await this.like(environmentId, series, feedback);
    const changed = like
      .map((one) => ({
        series: one,
        before: this.rules.profileOf(one, resolver),
        after: this.rules.profileOf(one, proposed),
      }))
      .filter(({ before }) => before.excluded === null);
    const looked = this.history.sample(changed, range, series.id);
    const both = { before: detector, after: detector };
    const { effect, after } = await this.changes.run(range, looked, both, progress);
    const index = looked.findIndex((one) => one.series.id === series.id);
    const found = anyTouches(after, index, task.from, task.to);
    const stretchHeeded = found === (task.kind === 'missed');
    const outcome: FeedbackOutcome = {
      seriesId: series.id,
      labels: series.labels,
      factors,
      effect: { ...effect, stretchHeeded, summary: summaryOf(task.kind, effect, stretchHeeded, changed.length) },
    };
    if (task.save) await this.saver.save(study, task, outcome, task.save);
    return outcome;
  }

  /** A week that holds the stretch, up to where event time stands. */
  private async rangeOf(environmentId: string, task: FeedbackTask): Promise<StudyRange> {
    const now = (await this.eventTime.now(environmentId)) ?? task.to;
    const to = Math.max(task.to, Math.min(now, task.to + EFFECT_MS));
    return this.history.rangeOf(environmentId, new Date(Math.min(task.from, to - EFFECT_MS)), new Date(to), 0);
  }

  /** Runs the series as it is, reads the channels of the stretch, and turns them until the stretch behaves. */
  private async factors(
    task: FeedbackTask,
    series: Series,
    range: StudyRange,
    resolver: SeriesSettingsResolver,
    detector: MakeDetector,
    progress: StudyProgress,
  ): Promise<ChannelFactors> {
    const profile = this.rules.profileOf(series, resolver);
    if (profile.excluded !== null) {
      throw new NoEffectError(`The series is not scored: ${profile.excluded}. Change that in the settings.`);
    }
    const values = await this.history.known([series], range);
    const observe = { index: 0, from: task.from, to: task.to };
    let factors: ChannelFactors = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      const { settings } = this.rules.profileOf(
        series,
        resolver.proposed({ feedback: feedbackOf(task, series.labels, factors) }),
      );
      const { anomalies, contributions } = await this.changes.find(
        values,
        [{ ...profile, settings }],
        detector,
        (ticks) => progress(round * range.grid.count + ticks, (ROUNDS + 2) * range.grid.count),
        observe,
      );
      if (anyTouches(anomalies, 0, task.from, task.to) === (task.kind === 'missed')) break;
      const turn = factorsFor(task.kind, contributions);
      const push = Object.keys(turn).length > 0 ? turn : pushOf(task.kind, contributions);
      if (Object.keys(push).length === 0) break;
      factors = multiplied(factors, push);
    }
    if (Object.keys(factors).length === 0) throw new NoEffectError(nothingToTurn(task));
    return factors;
  }

  /** Series of the same metric and service or job, the named one among them. */
  private async like(environmentId: string, series: Series, feedback: Feedback): Promise<Series[]> {
    const found = await this.history.seriesOf(environmentId, selectorOf(series.labels));
    return found.filter(({ id, labels }) => concerns(feedback, id, labels));
  }
}

function feedbackOf(task: FeedbackTask, labels: Labels, factors: ChannelFactors): Feedback {
  return { scope: task.scope, seriesId: task.seriesId, labels, factors };
}

function multiplied(one: ChannelFactors, other: ChannelFactors): ChannelFactors {
  const both = [one, other].map((factors) => ({ scope: 'series' as const, seriesId: 0, labels: {}, factors }));
  return factorsOf(both, 0, {}) ?? {};
}

/** Where channels are on the right side alone but not together: all that come close are turned a little. */
function pushOf(kind: FeedbackTask['kind'], contributions: Readonly<Record<string, readonly number[]>>) {
  const near = Object.entries(contributions).filter(
    ([channel, scores]) => channel !== 'range' && scores.some((score) => score > 0.5),
  );
  return Object.fromEntries(near.map(([channel]) => [channel, kind === 'missed' ? 1 / PUSH : PUSH]));
}

function selectorOf(labels: Labels): string {
  const belonging = belongingOf(labels);
  const name = JSON.stringify(labels[METRIC_NAME_LABEL] ?? '');
  return belonging === null
    ? `{__name__=${name}}`
    : `{__name__=${name},${belonging.name}=${JSON.stringify(belonging.value)}}`;
}

function nothingToTurn({ kind }: FeedbackTask): string {
  return kind === 'missed'
    ? 'Nothing stands out at this stretch by any channel, or it is found already; choose a stretch where the values differ.'
    : 'On stored history no channel calls this stretch an anomaly with the settings that hold now: nothing needs to change.';
}
