import { Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { z } from 'zod';
import type { Page } from '../../kernel/page.js';
import { cursorPart, encodeCursor, readCursor } from '../http/paging.js';
import { DeadJobs, type DeadJob, type QueueSummary } from './dead-jobs.js';
import type { JobEnvelope } from './envelope.js';
import { QueueCatalogue } from './queue-catalogue.js';
import { DeadJobNotFound } from './queue.errors.js';
import { Queues } from './queues.js';

const cursorKey = z.tuple([cursorPart.integer]);

@Injectable()
export class BullDeadJobs extends DeadJobs {
  constructor(
    private readonly catalogue: QueueCatalogue,
    private readonly bullQueues: Queues,
  ) {
    super();
  }

  override async queues(): Promise<readonly QueueSummary[]> {
    return Promise.all(
      this.bullQueues.all().map(async (queue) => {
        const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
        return {
          name: queue.name,
          counts: {
            waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
            active: counts['active'] ?? 0,
            delayed: counts['delayed'] ?? 0,
            dead: counts['failed'] ?? 0,
          },
          jobs: this.catalogue.jobs.filter((job) => job.queue === queue.name).map((job) => job.name),
        };
      }),
    );
  }

  /** The cursor is a position: a page may repeat or miss a job when others die or are retried meanwhile. */
  override async list(queue: string, { limit, cursor }: { limit: number; cursor?: string }): Promise<Page<DeadJob>> {
    const [start] = cursor === undefined ? [0] : readCursor(cursor, cursorKey);
    const found = await this.bullQueues.get(queue).getJobs(['failed'], start, start + limit, false);
    const jobs = found.filter((job): job is Job => Boolean(job));
    return {
      items: jobs.slice(0, limit).map((job) => describe(queue, job)),
      nextCursor: jobs.length > limit ? encodeCursor([start + limit]) : null,
    };
  }

  override async retry(queue: string, jobId: string): Promise<void> {
    const job = await this.bullQueues.get(queue).getJob(jobId);
    if (!job || !(await job.isFailed())) throw new DeadJobNotFound(queue, jobId);
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
  }
}

function describe(queue: string, job: Job): DeadJob {
  return {
    id: job.id!,
    queue,
    job: job.name,
    payload: (job.data as Partial<JobEnvelope> | null)?.data ?? null,
    attempts: job.attemptsMade,
    reason: job.failedReason,
    enqueuedAt: new Date(job.timestamp),
    diedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
  };
}
