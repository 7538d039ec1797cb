import { Injectable, Logger } from '@nestjs/common';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import type { JobsOptions, Queue } from 'bullmq';
import { DomainError } from '../../kernel/errors.js';
import { InjectConfig } from '../config/define-config.js';
import { errorCode } from '../database/connection-errors.js';
import { reasonOf } from '../database/database.errors.js';
import type { AnyJob, PayloadInput, Schedule } from './define-job.js';
import { seal, type JobEnvelope } from './envelope.js';
import { baseOptions, keyOptions } from './job-options.js';
import { JobQueue, type EnqueueOptions } from './job-queue.js';
import { QueueCatalogue } from './queue-catalogue.js';
import { queueConfig, type QueueConfig } from './queue.config.js';
import { InvalidJobPayload, QueueUnavailable } from './queue.errors.js';
import { Queues } from './queues.js';
import { SchedulePlanner } from './schedule-planner.js';

const BULK_SIZE = 500;
const tracer = trace.getTracer('dsim.queue');

@Injectable()
export class BullJobQueue extends JobQueue {
  private readonly logger = new Logger('Queue');

  constructor(
    private readonly catalogue: QueueCatalogue,
    private readonly queues: Queues,
    private readonly planner: SchedulePlanner,
    @InjectConfig(queueConfig) private readonly config: QueueConfig,
  ) {
    super();
  }

  override async enqueue<J extends AnyJob>(
    job: J,
    payload: PayloadInput<J>,
    options: EnqueueOptions = {},
  ): Promise<void> {
    await this.traced(job, 1, async (queue) => {
      const { envelope, parsed } = seal(job, payload, currentTrace());
      await queue.add(job.name, envelope, this.optionsOf(job, parsed, options));
    });
  }

  override async enqueueMany<J extends AnyJob>(job: J, payloads: readonly PayloadInput<J>[]): Promise<void> {
    if (payloads.length === 0) return;
    await this.traced(job, payloads.length, async (queue) => {
      const carrier = currentTrace();
      const jobs = payloads.map((payload) => {
        const { envelope, parsed } = seal(job, payload, carrier);
        return { name: job.name, data: envelope, opts: this.optionsOf(job, parsed, {}) };
      });
      for (let start = 0; start < jobs.length; start += BULK_SIZE)
        await queue.addBulk(jobs.slice(start, start + BULK_SIZE));
    });
  }

  override async upsertSchedule(schedule: Schedule): Promise<void> {
    this.catalogue.requireRegistered(schedule.job);
    await this.bounded(this.planner.upsert(schedule, 'runtime'));
  }

  override async removeSchedule(job: AnyJob, scheduleId: string): Promise<void> {
    this.catalogue.requireRegistered(job);
    await this.bounded(this.planner.remove(job, scheduleId, 'runtime'));
  }

  private optionsOf(job: AnyJob, parsed: unknown, { delayMs }: EnqueueOptions): JobsOptions {
    return {
      ...baseOptions(job, this.config),
      ...keyOptions(job, parsed),
      ...(delayMs !== undefined && { delay: delayMs }),
    };
  }

  private async traced(job: AnyJob, count: number, add: (queue: Queue) => Promise<void>): Promise<void> {
    this.catalogue.requireRegistered(job);
    const attributes = {
      'messaging.system': 'bullmq',
      'messaging.destination.name': job.queue,
      'messaging.batch.message_count': count,
    };
    await tracer.startActiveSpan(`enqueue ${job.name}`, { kind: SpanKind.PRODUCER, attributes }, async (span) => {
      try {
        await this.bounded(
          add(this.queues.get(job.queue)).catch((error: unknown) => Promise.reject(asPayloadError(job, error))),
        );
      } catch (error) {
        span.recordException(error as Error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** Callers are told within the configured time when the queue is away; what was on its way may still arrive. */
  private async bounded<T>(work: Promise<T>): Promise<T> {
    const { enqueueTimeoutMs } = this.config;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${enqueueTimeoutMs} ms`)), enqueueTimeoutMs);
    });
    try {
      return await Promise.race([work, tooLate]);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      this.logger.debug({ msg: 'enqueue failed', reason: reasonOf(error) });
      throw new QueueUnavailable(error);
    } finally {
      clearTimeout(timer);
      work.catch(() => undefined);
    }
  }
}

/** PostgreSQL refuses text that JSON allows (a NUL character): class 22. Trying again would not help. */
function asPayloadError(job: AnyJob, error: unknown): unknown {
  if (!/^22/.test(errorCode(error) ?? '')) return error;
  return new InvalidJobPayload(job.name, [{ path: '(payload)', message: reasonOf(error) }]);
}

function currentTrace(): JobEnvelope['trace'] {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}
