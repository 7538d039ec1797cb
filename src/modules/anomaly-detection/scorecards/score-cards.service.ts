import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Principal } from '../../../platform/http/access.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { SettingsService } from '../settings/settings.service.js';
import { StudiesService } from '../studies/studies.service.js';
import { StudyHistory } from '../studies/study-history.js';
import { viewOf } from '../studies/study-view.js';
import type { StudyRow } from '../studies/study.types.js';
import { ScoreCardNotFinishedError } from './score-cards.errors.js';
import type { ScoreCardReport } from './score-card-study.js';
import { AlertRules } from './rules/alert-rules.js';
import { SCORED_DETECTORS, scoreCardTask, type ScoreCardTask } from './score-card-task.js';
import type {
  createScoreCardRequest,
  scoreCardChoices,
  scoreCardComparison,
  scoreCardPage,
  scoreCardView,
} from './score-cards.schema.js';

const KIND = 'score-card';
const DEFAULT_DAYS = 7;

type View = z.output<typeof scoreCardView>;
type Choices = z.output<typeof scoreCardChoices>;
type Comparison = z.output<typeof scoreCardComparison>;

/** Stored score cards of an environment. */
@Injectable()
export class ScoreCardsService {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly studies: StudiesService,
    private readonly history: StudyHistory,
    private readonly settings: SettingsService,
    private readonly rules: AlertRules,
  ) {}

  async create(
    principal: Principal,
    environmentId: string,
    body: z.output<typeof createScoreCardRequest>,
  ): Promise<View> {
    for (const [index, { name, version, rules }] of body.configurations.entries()) {
      if (version !== undefined) await this.settings.versionOf(environmentId, version);
      if (rules !== undefined) await this.rules.check(name, rules, `configurations[${index}].rules`);
    }
    const { from, to } = await this.history.rangeOf(environmentId, body.from, body.to, DEFAULT_DAYS);
    const { title, match, sources, configurations } = body;
    const labels = body.labels.map((label) => ({
      ...label,
      services: label.services ?? null,
      from: label.from.getTime(),
      to: label.to.getTime(),
    }));
    const request: ScoreCardTask = { match, from, to, sources, labels, configurations };
    const details = { configurations: configurations.map(kindOf) };
    return this.view(await this.studies.start(principal, environmentId, { kind: KIND, title, request, details }));
  }

  async choices(environmentId: string): Promise<Choices> {
    await this.environments.get(environmentId);
    const reason = this.rules.unavailable();
    return { detectors: [...SCORED_DETECTORS], rules: { available: reason === null, reason } };
  }

  async get(environmentId: string, id: string): Promise<View> {
    return this.view(await this.studies.get(environmentId, KIND, id));
  }

  async page(environmentId: string, limit: number, cursor?: string): Promise<z.output<typeof scoreCardPage>> {
    await this.environments.get(environmentId);
    const { items, nextCursor } = await this.studies.page(environmentId, KIND, limit, cursor);
    return { items: items.map((study) => withReport(study, null)), nextCursor };
  }

  async cancel(environmentId: string, id: string): Promise<View> {
    return this.view(await this.studies.cancel(environmentId, KIND, id));
  }

  async delete(principal: Principal, environmentId: string, id: string): Promise<void> {
    await this.studies.delete(principal, environmentId, KIND, id);
  }

  async compare(environmentId: string, ids: readonly string[]): Promise<Comparison> {
    const cards: Comparison['cards'] = [];
    const rows: Comparison['rows'] = [];
    for (const id of ids) {
      const study = await this.studies.get(environmentId, KIND, id);
      const report = (await this.studies.resultOf(study)) as ScoreCardReport | null;
      if (report === null) throw new ScoreCardNotFinishedError(id, study.state);
      cards.push({ id, title: study.title, createdAt: study.createdAt.toISOString() });
      for (const score of report.card.detectors) {
        rows.push({
          card: id,
          configuration: score.detector,
          recall: score.all.recall,
          recallInTime: score.all.recallInTime,
          precision: score.pages.precision,
          pagesPerWeek: score.pages.perWeek,
          falseAlarmRate: score.calm.anomalyRate,
          secondsToDetect: score.all.fromStart.seconds,
        });
      }
    }
    return { cards, rows };
  }

  private async view(study: StudyRow): Promise<View> {
    return withReport(study, (await this.studies.resultOf(study)) as ScoreCardReport | null);
  }
}

/** What is scored, in words for the audit. */
function kindOf({ name, version, settings, detector, rules }: ScoreCardTask['configurations'][number]): string {
  if (rules !== undefined) return `${name}: alert rules`;
  const knobs =
    settings !== undefined ? 'own settings' : version === undefined ? 'current settings' : `version ${version}`;
  return `${name}: ${detector ?? 'the detector of the environment'}, ${knobs}`;
}

function withReport(study: StudyRow, report: ScoreCardReport | null): View {
  const { from, to, match, configurations } = scoreCardTask.parse(study.request);
  return {
    ...viewOf(study),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    match,
    configurations: configurations.map(({ name }) => name),
    report: report as View['report'],
  };
}
