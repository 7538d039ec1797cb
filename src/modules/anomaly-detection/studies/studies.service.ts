import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import type { Page } from '../../../kernel/page.js';
import { Database } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { AuditTrail } from '../../audit/index.js';
import { executeStudy } from './studies.jobs.js';
import { StudyNotFoundError, TooManyStudiesError } from './study.errors.js';
import { StudyRepository } from './study.repository.js';
import type { StudyKind, StudyRow } from './study.types.js';

const MAX_UNFINISHED = 20;
const cursorKey = z.tuple([cursorPart.time, cursorPart.id]);

const WORDS: Readonly<Record<StudyKind, string>> = {
  'settings-preview': 'preview',
  'feedback-preview': 'feedback preview',
  'score-card': 'score card',
};

/** Starts, finds and stops studies over stored history. */
@Injectable()
export class StudiesService {
  constructor(
    private readonly database: Database,
    private readonly studies: StudyRepository,
    private readonly queue: JobQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async start(
    principal: Principal,
    environmentId: string,
    study: {
      readonly kind: StudyKind;
      readonly title: string;
      readonly request: unknown;
      /** For the audit, beside the title. */
      readonly details?: Readonly<Record<string, unknown>>;
    },
  ): Promise<StudyRow> {
    const now = this.clock.now();
    const id = newId(now);
    await this.database.transaction(async (tx) => {
      await this.database.lock(tx, `anomaly-detection.studies.${environmentId}`);
      if ((await this.studies.countUnfinished(tx, environmentId)) >= MAX_UNFINISHED) {
        throw new TooManyStudiesError(MAX_UNFINISHED);
      }
      const created = { id, environmentId, ...study, createdBy: principal.name, createdAt: new Date(now) };
      await this.studies.insert(tx, created);
      if (study.kind !== 'score-card') return;
      await this.record(principal, tx, 'anomaly-detection.start-score-card', id, environmentId, {
        title: study.title,
        ...study.details,
      });
    });
    await this.queue.enqueue(executeStudy, { studyId: id });
    return this.get(environmentId, study.kind, id);
  }

  /** Throws `anomaly_detection.study_not_found`. */
  async get(environmentId: string, kind: StudyKind, id: string): Promise<StudyRow> {
    const study = await this.studies.find(id);
    if (study?.environmentId !== environmentId || study.kind !== kind) throw new StudyNotFoundError(WORDS[kind], id);
    return study;
  }

  /** Null until it is finished. */
  resultOf(study: StudyRow): Promise<unknown> {
    return this.studies.resultOf(study.id);
  }

  async page(environmentId: string, kind: StudyKind, limit: number, cursor?: string): Promise<Page<StudyRow>> {
    const [time, afterId] = cursor === undefined ? [] : readCursor(cursor, cursorKey);
    const after = time === undefined ? undefined : ([new Date(time), afterId!] as const);
    const rows = await this.studies.list(environmentId, kind, limit + 1, after);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor([last.createdAt.toISOString(), last.id]) : null };
  }

  /** One that is over stays as it is. */
  async cancel(environmentId: string, kind: StudyKind, id: string): Promise<StudyRow> {
    await this.get(environmentId, kind, id);
    await this.database.transaction((tx) => this.studies.cancel(tx, id, new Date(this.clock.now())));
    return this.get(environmentId, kind, id);
  }

  async delete(principal: Principal, environmentId: string, kind: StudyKind, id: string): Promise<void> {
    const { title } = await this.get(environmentId, kind, id);
    await this.database.transaction(async (tx) => {
      await this.studies.delete(tx, id);
      await this.record(principal, tx, 'anomaly-detection.delete-score-card', id, environmentId, { title });
    });
  }

  private async record(
    actor: Principal,
    tx: Parameters<AuditTrail['record']>[0],
    action: string,
    subjectId: string,
    environmentId: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const subjectType = 'score-card';
    await this.audit.record(tx, {
      action,
      actor,
      subjectType,
      subjectId,
      environmentId,
      outcome: 'allowed',
      details,
    });
  }
}
