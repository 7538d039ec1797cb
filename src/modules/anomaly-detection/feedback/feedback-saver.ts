import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { AuditTrail } from '../../audit/index.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import type { StudyRow } from '../studies/study.types.js';
import { FeedbackRepository } from './feedback.repository.js';
import type { FeedbackOutcome, FeedbackTask } from './feedback-task.js';

/** Makes computed feedback hold. Its id is that of the study: saved twice, it is one. */
@Injectable()
export class FeedbackSaver {
  constructor(
    private readonly database: Database,
    private readonly feedback: FeedbackRepository,
    private readonly settings: SettingsRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async save(
    { id, environmentId }: Pick<StudyRow, 'id' | 'environmentId'>,
    task: FeedbackTask,
    outcome: FeedbackOutcome,
    who: NonNullable<FeedbackTask['save']>,
  ): Promise<void> {
    const actor = principalOf(who, environmentId);
    await this.database.transaction(async (tx) => {
      const created = await this.feedback.insert(tx, {
        id,
        environmentId,
        kind: task.kind,
        scope: task.scope,
        seriesId: outcome.seriesId,
        labels: outcome.labels,
        anomalyId: task.anomalyId,
        from: new Date(task.from),
        to: new Date(task.to),
        comment: who.comment,
        factors: outcome.factors,
        effect: outcome.effect,
        createdBy: who.by,
        createdAt: new Date(this.clock.now()),
        undoneBy: null,
        undoneAt: null,
      });
      if (!created) return;
      await this.settings.raiseFeedbackRevision(tx, environmentId);
      await this.audit.record(tx, {
        action: 'anomaly-detection.give-feedback',
        actor,
        subjectType: 'detection-feedback',
        subjectId: id,
        environmentId,
        outcome: 'allowed',
        details: { kind: task.kind, scope: task.scope, seriesId: outcome.seriesId, factors: outcome.factors },
      });
    });
  }
}

function principalOf(who: NonNullable<FeedbackTask['save']>, environmentId: string): Principal {
  const kind = who.principalKind === 'api-token' ? 'api-token' : 'user';
  return { kind, id: who.principalId, name: who.by, permissions: new Set(), environmentId };
}
