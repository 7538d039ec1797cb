import type { AnyJob, PayloadInput, Schedule } from './define-job.js';

export interface EnqueueOptions {
  readonly delayMs?: number;
}

/**
 * Hands jobs to workers. Enqueue only after the transaction that the job relies on has committed; what must
 * survive a crash in between goes through the event bus, which is transactional.
 */
export abstract class JobQueue {
  abstract enqueue<J extends AnyJob>(job: J, payload: PayloadInput<J>, options?: EnqueueOptions): Promise<void>;
  abstract enqueueMany<J extends AnyJob>(job: J, payloads: readonly PayloadInput<J>[]): Promise<void>;
  /** Creates or changes a schedule at run time (one per environment, say). Idempotent across pods. */
  abstract upsertSchedule(schedule: Schedule): Promise<void>;
  abstract removeSchedule(job: AnyJob, scheduleId: string): Promise<void>;
}
