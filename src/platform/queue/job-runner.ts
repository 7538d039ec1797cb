import { Injectable, Logger } from '@nestjs/common';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { UnrecoverableError, type Job } from 'bullmq';
import type { AnyJob, JobContext } from './define-job.js';
import { open, type JobEnvelope } from './envelope.js';
import { QueueCatalogue } from './queue-catalogue.js';
import { QueueMetrics } from './queue.metrics.js';
import { DomainError } from '../../kernel/errors.js';

const tracer = trace.getTracer('dsim.queue');

/** Runs one job: opens its payload, restores its trace, measures it, and hands it to its processor. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger('Queue');
  private readonly shutdown = new AbortController();
  private active = 0;

  constructor(
    private readonly catalogue: QueueCatalogue,
    private readonly metrics: QueueMetrics,
  ) {}

  get running(): number {
    return this.active;
  }

  abort(): void {
    this.shutdown.abort(new Error('the process shuts down'));
  }

  async run(bullJob: Job): Promise<void> {
    const job = this.catalogue.job(bullJob.name);
    if (!job) throw new UnrecoverableError(`This release has no job "${bullJob.name}".`);
    const envelope = bullJob.data as JobEnvelope;
    const attempt = bullJob.attemptsMade + 1;
    const attributes = {
      'messaging.system': 'bullmq',
      'messaging.destination.name': job.queue,
      'dsim.job.attempt': attempt,
    };
    const parent = propagation.extract(context.active(), envelope.trace ?? {});
    await tracer.startActiveSpan(
      `process ${job.name}`,
      { kind: SpanKind.CONSUMER, attributes },
      parent,
      async (span) => {
        if (attempt === 1)
          this.metrics.waited(job, (bullJob.processedOn ?? Date.now()) - bullJob.timestamp - (bullJob.opts.delay ?? 0));
        const started = performance.now();
        this.active++;
        try {
          await this.process(job, bullJob, attempt);
          this.metrics.ran(job, performance.now() - started, 'completed');
        } catch (error) {
          span.recordException(error as Error);
          span.setStatus({ code: SpanStatusCode.ERROR });
          this.metrics.ran(job, performance.now() - started, isLast(bullJob, error) ? 'dead' : 'retried');
          throw error;
        } finally {
          this.active--;
          span.end();
        }
      },
    );
  }

  /** After BullMQ has noted the failure. Jobs that died without a run (lost workers) come here too. */
  failed(queue: string, job: Job | undefined, error: Error): void {
    if (!job) return;
    const facts = { queue, job: job.name, jobId: job.id, attempts: job.attemptsMade, reason: error.message };
    if (isLast(job, error, 0)) this.logger.error({ msg: 'job is dead', ...facts, stack: error.stack });
    else this.logger.warn({ msg: 'job failed and runs again', ...facts });
  }

  private async process(job: AnyJob, bullJob: Job, attempt: number): Promise<void> {
    const payload = readPayload(job, bullJob.data);
    const jobContext: JobContext = {
      jobId: bullJob.id!,
      attempt,
      signal: this.shutdown.signal,
      progress: (done, total) => bullJob.updateProgress({ done, total }),
    };
    await this.catalogue.processorOf(job).process(payload as never, jobContext);
  }
}

/** What cannot be read now can never be: such a job dies at once, and waits for a person. */
function readPayload(job: AnyJob, data: unknown): unknown {
  try {
    return open(job, data);
  } catch (error) {
    if (error instanceof DomainError) throw new UnrecoverableError(error.message);
    throw error;
  }
}

function isLast(job: Job, error: unknown, thisAttempt = 1): boolean {
  return error instanceof UnrecoverableError || job.attemptsMade + thisAttempt >= (job.opts.attempts ?? 1);
}
