import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import { SILENCE_FACTOR } from '../../../engine/detection/silence/silence-verdict.js';
import type { Page } from '../../../kernel/page.js';
import { formatSeries } from '../../../kernel/time-series.js';
import { Database } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { AuditTrail } from '../../audit/index.js';
import { EnvironmentsReader, EventTime } from '../../environments/index.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { SeriesNotFoundError } from '../anomaly-detection.errors.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import { StudiesService } from '../studies/studies.service.js';
import type { StudyRow } from '../studies/study.types.js';
import { AnomalyNotFoundError, FeedbackNotFoundError, FeedbackPreviewNotReadyError } from './feedback.errors.js';
import { FeedbackRepository, type FeedbackRow } from './feedback.repository.js';
import { FeedbackSaver } from './feedback-saver.js';
import { feedbackTask, type FeedbackOutcome, type FeedbackTask } from './feedback-task.js';
import type { feedbackSubject } from './feedback.schema.js';

const KIND = 'feedback-preview';
const cursorKey = z.tuple([cursorPart.time, cursorPart.id]);

/** Feedback given, or still being worked out. */
export type GivenFeedback = { readonly row: FeedbackRow } | { readonly study: StudyRow };

/** "Not an anomaly" and "missed one": previewed, given, listed, undone. */
@Injectable()
export class FeedbackService {
  constructor(
    private readonly database: Database,
    private readonly environments: EnvironmentsReader,
    private readonly eventTime: EventTime,
    private readonly telemetry: TelemetryReader,
    private readonly feedback: FeedbackRepository,
    private readonly settings: SettingsRepository,
    private readonly studies: StudiesService,
    private readonly saver: FeedbackSaver,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async preview(
    principal: Principal,
    environmentId: string,
    subject: z.output<typeof feedbackSubject>,
    save: FeedbackTask['save'] = null,
  ): Promise<StudyRow> {
    await this.environments.get(environmentId);
    const stretch = await this.stretchOf(environmentId, subject);
    const request: FeedbackTask = { kind: subject.kind, scope: subject.scope, ...stretch.task, save };
    const words = subject.kind === 'missed' ? 'Missed anomaly' : 'Not an anomaly';
    return this.studies.start(principal, environmentId, { kind: KIND, title: `${words}: ${stretch.series}`, request });
  }

  previewOf(environmentId: string, id: string): Promise<StudyRow> {
    return this.studies.get(environmentId, KIND, id);
  }

  /** Saves what a finished preview shows. */
  async saveFrom(principal: Principal, environmentId: string, id: string, comment: string): Promise<GivenFeedback> {
    const study = await this.studies.get(environmentId, KIND, id);
    const outcome = (await this.studies.resultOf(study)) as FeedbackOutcome | null;
    if (outcome === null) throw new FeedbackPreviewNotReadyError(study.state);
    const task = feedbackTask.parse(study.request);
    // Silence is always of a like.
    const scope = SILENCE_FACTOR in outcome.factors ? 'like' : task.scope;
    await this.saver.save(study, { ...task, scope }, outcome, whoOf(principal, comment));
    return this.get(environmentId, id);
  }

  /** Works it out and saves it, without anyone looking in between. */
  async give(
    principal: Principal,
    environmentId: string,
    subject: z.output<typeof feedbackSubject>,
    comment: string,
  ): Promise<GivenFeedback> {
    return { study: await this.preview(principal, environmentId, subject, whoOf(principal, comment)) };
  }

  /** Throws `anomaly_detection.feedback_not_found`. */
  async get(environmentId: string, id: string): Promise<GivenFeedback> {
    const row = await this.feedback.find(environmentId, id);
    if (row) return { row };
    const study = await this.studies.get(environmentId, KIND, id).catch(() => undefined);
    if (study && feedbackTask.parse(study.request).save !== null) return { study };
    throw new FeedbackNotFoundError(id);
  }

  /** Newest first. */
  async page(
    environmentId: string,
    query: { readonly limit: number; readonly cursor?: string; readonly seriesId?: number; readonly active?: boolean },
  ): Promise<Page<FeedbackRow>> {
    await this.environments.get(environmentId);
    const [time, id] = query.cursor === undefined ? [] : readCursor(query.cursor, cursorKey);
    const after = time === undefined ? undefined : ([new Date(time), id!] as const);
    const rows = await this.feedback.list(environmentId, { ...query, limit: query.limit + 1, after });
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor([last.createdAt.toISOString(), last.id]) : null };
  }

  /** From the next tick on it is as if it had never been given. Undone before: nothing changes. */
  async undo(principal: Principal, environmentId: string, id: string): Promise<GivenFeedback> {
    const row = await this.feedback.find(environmentId, id);
    if (!row) throw new FeedbackNotFoundError(id);
    await this.database.transaction(async (tx) => {
      if (!(await this.feedback.undo(tx, id, principal.name, new Date(this.clock.now())))) return;
      await this.settings.raiseFeedbackRevision(tx, environmentId);
      await this.audit.record(tx, {
        action: 'anomaly-detection.undo-feedback',
        actor: principal,
        subjectType: 'detection-feedback',
        subjectId: id,
        environmentId,
        outcome: 'allowed',
        details: { kind: row.kind, scope: row.scope, seriesId: row.seriesId },
      });
    });
    return this.get(environmentId, id);
  }

  private async stretchOf(environmentId: string, subject: z.output<typeof feedbackSubject>) {
    if (subject.anomalyId !== undefined) {
      const anomaly = await this.feedback.anomaly(environmentId, subject.anomalyId);
      if (!anomaly) throw new AnomalyNotFoundError(subject.anomalyId);
      const now = (await this.eventTime.now(environmentId)) ?? this.clock.now();
      const from = anomaly.startedAt.getTime();
      const to = Math.max(anomaly.endedAt?.getTime() ?? now, from + 1);
      const task = { seriesId: anomaly.seriesId, anomalyId: anomaly.id, from, to };
      return { task, series: formatSeries(anomaly.labels) };
    }
    const [series] = await this.telemetry.seriesByIds(environmentId, [subject.seriesId!]);
    if (!series) throw new SeriesNotFoundError(subject.seriesId!);
    const task = { seriesId: series.id, anomalyId: null, from: subject.from!.getTime(), to: subject.to!.getTime() };
    return { task, series: formatSeries(series.labels) };
  }
}

function whoOf(principal: Principal, comment: string): NonNullable<FeedbackTask['save']> {
  return { comment, by: principal.name, principalId: principal.id, principalKind: principal.kind };
}
