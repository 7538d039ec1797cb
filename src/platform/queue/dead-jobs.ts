import type { Page } from '../../kernel/page.js';

export interface QueueSummary {
  readonly name: string;
  readonly counts: {
    readonly waiting: number;
    readonly active: number;
    readonly delayed: number;
    readonly dead: number;
  };
  /** Names of the jobs that use the queue. */
  readonly jobs: readonly string[];
}

export interface DeadJob {
  readonly id: string;
  readonly queue: string;
  readonly job: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly reason: string;
  readonly enqueuedAt: Date;
  readonly diedAt: Date | null;
}

/** For administrators: jobs that used all their attempts, or could not be read. They wait for a person. */
export abstract class DeadJobs {
  abstract queues(): Promise<readonly QueueSummary[]>;
  /** Newest first. Throws `queue.queue_not_found`. */
  abstract list(queue: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<DeadJob>>;
  /** Runs a dead job again with all its attempts. Throws `queue.dead_job_not_found`. */
  abstract retry(queue: string, jobId: string): Promise<void>;
}
