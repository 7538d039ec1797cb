import type { z } from 'zod';

/**
 * A job as a declared value. Exactly one processor must exist for it, or boot fails; its payload is checked when
 * it is enqueued and again when it runs, so a release can refuse what an older one wrote.
 */
export interface JobDefinition<S extends z.ZodType = z.ZodType> {
  /** verb-noun: `score-shard`. Unique in the product. */
  readonly name: string;
  /** `module-purpose`, without a colon: `anomaly-detection-score`. */
  readonly queue: string;
  /** Raised when the payload changes shape. */
  readonly version: number;
  readonly payload: S;
  /** Business key: two jobs with the same key are one job. Omit for jobs that may repeat. */
  key?(payload: z.output<S>): string;
  /** Total tries, the first included. */
  readonly attempts: number;
  /** First delay of an exponential backoff with jitter, in milliseconds. */
  readonly backoffMs: number;
  /** How many of the queue's jobs one worker process runs at once. The queue takes the maximum of its jobs. */
  readonly concurrency: number;
  /** Whether a finished job's key may be used again at once (default true). */
  readonly keyReusable?: boolean;
  /**
   * What happens when a key is enqueued while its job runs. By default nothing. True: the job runs once more
   * afterwards, with the newest payload; for jobs that mean "look at the current state".
   */
  readonly rerunIfActive?: boolean;
}

export type PayloadOf<J> = J extends JobDefinition<infer S> ? z.output<S> : never;
export type PayloadInput<J> = J extends JobDefinition<infer S> ? z.input<S> : never;
export type AnyJob = JobDefinition<z.ZodType>;

export function defineJob<S extends z.ZodType>(definition: JobDefinition<S>): JobDefinition<S> {
  return definition;
}

export interface JobContext {
  readonly jobId: string;
  /** 1 on the first try. */
  readonly attempt: number;
  /** Aborted when the process shuts down past its deadline. */
  readonly signal: AbortSignal;
  progress(done: number, total: number): Promise<void>;
}

/** Implemented by a provider decorated with `@Processes(job)`. Must be idempotent: a job can run twice. */
export interface JobProcessor<J extends AnyJob = AnyJob> {
  process(payload: PayloadOf<J>, context: JobContext): Promise<void>;
}

/** A job enqueued on a clock, once for all pods (a BullMQ job scheduler with the schedule's id). */
export interface Schedule<J extends AnyJob = AnyJob> {
  readonly id: string;
  readonly job: J;
  readonly payload: PayloadInput<J>;
  /** Either a period in milliseconds or a cron expression in UTC. */
  readonly every?: number;
  readonly cron?: string;
}
