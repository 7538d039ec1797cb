import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { Database } from '../../../../platform/database/database.js';
import { JobQueue } from '../../../../platform/queue/job-queue.js';
import { AuditTrail } from '../../../audit/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { RefitRepository, type RefitReason, type RefitRow } from '../data/refit.repository.js';
import { RefitRunningError } from '../models.errors.js';
import type { Actor } from '../stages/model-stages.service.js';
import { RefitHistory } from './refit-history.js';
import { refitEnvironment } from './refit.jobs.js';

const LISTED = 100;
const HOUR_MS = 3_600_000;

/** When the next refit is due, and what it waits for. */
export interface NextRefit {
  /** Null where that depends on something else. */
  readonly at: Date | null;
  /** Hours of history that have to come before; null where it is enough, or waiting does not help. */
  readonly missingHours: number | null;
  readonly text: string;
}

/** Starts refits; one at a time in an environment, shadow included. */
@Injectable()
export class RefitService {
  constructor(
    private readonly db: Database,
    private readonly refits: RefitRepository,
    private readonly queue: JobQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly history: RefitHistory,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  list(environmentId: string): Promise<RefitRow[]> {
    return this.refits.list(environmentId, LISTED);
  }

  async next(environmentId: string): Promise<NextRefit> {
    const open = await this.refits.open(environmentId);
    if (open?.state === 'fitting') return { at: null, missingHours: null, text: 'A refit is under way.' };
    if (open) {
      return { at: open.decideAt, missingHours: null, text: 'The newest candidate is in shadow, and is judged then.' };
    }
    const { missing } = await this.history.of(environmentId);
    if (missing) return { at: null, missingHours: missing.hours, text: missing.text };
    const { refitHours } = this.config.models;
    if (refitHours === 0) return { at: null, missingHours: null, text: 'Refits start on drift and on request.' };
    const { fitted } = await this.refits.newest(environmentId);
    if (fitted === null) {
      return { at: null, missingHours: null, text: 'There is enough history: the first starts within the hour.' };
    }
    const at = new Date(fitted.getTime() + refitHours * HOUR_MS);
    return { at, missingHours: null, text: `Every ${refitHours} hours, and sooner on drift.` };
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
