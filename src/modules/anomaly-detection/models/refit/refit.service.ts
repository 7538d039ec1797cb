import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { Database } from '../../../../platform/database/database.js';
import { JobQueue } from '../../../../platform/queue/job-queue.js';
import { AuditTrail } from '../../../audit/index.js';
import { RefitRepository, type RefitReason, type RefitRow } from '../data/refit.repository.js';
import { RefitRunningError } from '../models.errors.js';
import type { Actor } from '../stages/model-stages.service.js';
import { refitEnvironment } from './refit.jobs.js';

const LISTED = 100;

/** Starts refits; one at a time in an environment, shadow included. */
@Injectable()
export class RefitService {
  constructor(
    private readonly db: Database,
    private readonly refits: RefitRepository,
    private readonly queue: JobQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  list(environmentId: string): Promise<RefitRow[]> {
    return this.refits.list(environmentId, LISTED);
  }

  /** Throws `anomaly_detection.refit_running` where one is under way. */
  async request(environmentId: string, actor: Actor, why: string): Promise<RefitRow> {
    const started = await this.start(environmentId, 'request', actor, why);
    if (!started) throw new RefitRunningError(environmentId);
    return started;
  }

  /** Undefined where one is under way. */
  async start(environmentId: string, reason: RefitReason, actor: Actor, why: string): Promise<RefitRow | undefined> {
    const now = this.clock.now();
    const id = newId(now);
    const created = await this.db.transaction(async (tx) => {
      if (!(await this.refits.start(tx, { id, environmentId, reason, why, startedAt: new Date(now) }))) return false;
      await this.audit.record(tx, {
        action: 'anomaly-detection.start-refit',
        actor,
        subjectType: 'refit',
        subjectId: id,
        environmentId,
        outcome: 'allowed',
        details: { reason, why },
      });
      return true;
    });
    if (!created) return undefined;
    // Should the process end right here, `tend-refits` gives the refit up after a while.
    await this.queue.enqueue(refitEnvironment, { environmentId, refitId: id });
    return this.refits.find(id);
  }
}
