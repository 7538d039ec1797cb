import type { JobsOptions } from 'bullmq';
import type { AnyJob } from './define-job.js';
import { jobIdOf } from './job-key.js';
import type { QueueConfig } from './queue.config.js';

const JITTER = 0.5;
/** How long, and how many, finished jobs keep their key where it is not reusable at once. */
const KEY_AGE_SECONDS = 24 * 3600;
const KEY_COUNT = 10_000;

/** Options that every job of a definition has, scheduled ones included. */
export function baseOptions(job: AnyJob, config: QueueConfig): JobsOptions {
  return {
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: job.backoffMs, jitter: JITTER },
    removeOnComplete: job.keyReusable === false ? { age: KEY_AGE_SECONDS, count: KEY_COUNT } : true,
    removeOnFail: { age: config.deadRetentionDays * 24 * 3600, count: config.deadRetentionCount },
    stackTraceLimit: 5,
  };
}

/**
 * A reusable key is held from enqueueing until the job has finished, dead included (BullMQ's deduplication). One that
 * is not reusable becomes the job's id, which BullMQ remembers as long as it keeps the finished job.
 */
export function keyOptions(job: AnyJob, parsed: unknown): JobsOptions {
  if (!job.key) return {};
  const id = jobIdOf(job.name, job.key(parsed));
  if (job.keyReusable === false) return { jobId: id };
  return { deduplication: { id, ...(job.rerunIfActive && { keepLastIfActive: true }) } };
}
