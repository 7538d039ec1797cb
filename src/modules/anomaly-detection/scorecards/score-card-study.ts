import { Injectable } from '@nestjs/common';
import type { DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import type { FoundAnomaly } from '../../../engine/detection/settings/find-anomalies.js';
import { scoreCard } from '../../../engine/scorecard/score-card.js';
import {
  DEFAULT_SCORE_RULES,
  type LabelledStretch,
  type ScoreCard,
  type ScoredRun,
} from '../../../engine/scorecard/score-card.types.js';
import type { Series } from '../../telemetry/index.js';
import { SeriesRules } from '../scoring/series-rules.js';
import { SeriesSettingsSource, type SeriesSettingsResolver } from '../settings/series-settings-source.js';
import { SettingsService } from '../settings/settings.service.js';
import { ChangeStudy } from '../studies/change-study.js';
import { StudyDetectors } from '../studies/study-detectors.js';
import { StudyHistory, type StudyRange } from '../studies/study-history.js';
import type { StudyProgress, StudyRow } from '../studies/study.types.js';
import { LabelSources } from './label-sources.js';
import { scoredRun } from './scored-run.js';
import { RulesStudy } from './rules/rules-study.js';
import { scoreCardTask, type ScoreCardTask, type ScoredDetector } from './score-card-task.js';

export interface ScoreCardReport {
  readonly card: ScoreCard;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly series: number;
  /** Series that the selector matches; `series` of them were looked at. */
  readonly matched: number;
  readonly labels: readonly LabelledStretch[];
}

/** Steps of the progress of one configuration. */
const PARTS = 1000;

/** Runs configurations over the same stored history and holds them against what is known to have been wrong. */
@Injectable()
export class ScoreCardStudy {
  constructor(
    private readonly history: StudyHistory,
    private readonly changes: ChangeStudy,
    private readonly detectors: StudyDetectors,
    private readonly source: SeriesSettingsSource,
    private readonly settings: SettingsService,
    private readonly rules: SeriesRules,
    private readonly labels: LabelSources,
    private readonly alertRules: RulesStudy,
  ) {}

  async run({ environmentId, request }: StudyRow, progress: StudyProgress): Promise<ScoreCardReport> {
    const task = scoreCardTask.parse(request);
    const range = await this.history.rangeOf(environmentId, new Date(task.from), new Date(task.to), 0);
    const stretches = await this.labelsOf(environmentId, task);
    const matched = await this.history.seriesOf(environmentId, task.match);
    const series = this.history
      .sample(
        matched.map((one) => ({ series: one })),
        range,
      )
      .map((one) => one.series);
    const runs: ScoredRun[] = [];
    for (const [index, configuration] of task.configurations.entries()) {
      const { name, rules, detector } = configuration;
      const tell = (share: number) => progress(Math.floor(PARTS * (index + share)), PARTS * task.configurations.length);
      if (rules !== undefined) {
        const watched = series.length;
        runs.push(await this.alertRules.run(range, { name, text: rules, stretches, matched, watched }, tell));
        continue;
      }
      const resolver = await this.resolverOf(environmentId, configuration);
      const found = await this.find(range, series, { resolver, detector }, (done, total) => tell(done / total));
      runs.push(scoredRun(name, environmentId, range, stretches, found));
    }
    return {
      card: scoreCard(runs, DEFAULT_SCORE_RULES),
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      series: series.length,
      matched: matched.length,
      labels: stretches,
    };
  }

  private async labelsOf(environmentId: string, task: ScoreCardTask): Promise<LabelledStretch[]> {
    const given = task.labels.map((label, index) => ({
      ...label,
      id: `given-${index + 1}`,
      harmedAt: label.from,
      branch: null,
    }));
    const known = await Promise.all(task.sources.map((name) => this.labels.labels(name, environmentId, task)));
    return [...given, ...known.flat()].sort((a, b) => a.from - b.from);
  }

  private async resolverOf(
    environmentId: string,
    { version, settings }: ScoreCardTask['configurations'][number],
  ): Promise<SeriesSettingsResolver> {
    const current = await this.source.settingsFor(environmentId);
    if (settings !== undefined) return current.proposed({ document: settings as DetectionSettings });
    if (version === undefined) return current;
    return current.proposed({ document: (await this.settings.versionOf(environmentId, version)).document });
  }

  private async find(
    range: StudyRange,
    series: readonly Series[],
    {
      resolver,
      detector: named,
    }: { readonly resolver: SeriesSettingsResolver; readonly detector?: ScoredDetector | undefined },
    progress: StudyProgress,
  ): Promise<{
    readonly scored: number;
    readonly knownFrom: number;
    readonly anomalies: { anomaly: FoundAnomaly; series: Series }[];
  }> {
    const detector = await this.detectors.of(range.environmentId, resolver.falseAlarmsPerWeek, named);
    const profiles = series
      .map((one) => ({ series: one, profile: this.rules.profileOf(one, resolver) }))
      .filter(({ profile }) => profile.excluded === null);
    const chunks = this.history.chunks(profiles, range);
    const total = Math.max(1, chunks.length) * range.grid.count;
    const anomalies: { anomaly: FoundAnomaly; series: Series }[] = [];
    let knownFrom = range.to;
    for (const [number, chunk] of chunks.entries()) {
      const values = await this.history.known(
        chunk.map((one) => one.series),
        range,
      );
      if (values.grid.count > 0) knownFrom = Math.min(knownFrom, values.grid.first);
      const variants = chunk.map(({ profile }) => profile);
      const found = await this.changes.find(values, variants, detector, (ticks) =>
        progress(number * range.grid.count + ticks, total),
      );
      for (const anomaly of found.anomalies) anomalies.push({ anomaly, series: chunk[anomaly.index]!.series });
    }
    return { scored: profiles.length, knownFrom, anomalies };
  }
}
