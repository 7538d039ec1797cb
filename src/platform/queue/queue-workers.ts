import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Worker } from 'bullmq';
import { InjectConfig } from '../config/define-config.js';
import { QueueBackend } from './backend/queue-backend.js';
import { JobRunner } from './job-runner.js';
import { QueueCatalogue } from './queue-catalogue.js';
import { QUEUE_CONTEXT, type QueueContext } from './queue-context.js';
import { queueConfig, type QueueConfig } from './queue.config.js';
import { RepeatedWarnings } from './repeated-warnings.js';
import { SchedulePlanner } from './schedule-planner.js';

/** Lost workers may cost a job this many runs before it counts as the cause and dies. */
const MAX_STALLS = 3;
const RETRY_CONNECTION_MS = 1_000;
/** After the deadline, jobs that heed their signal get this long to put things away. */
const ABORT_GRACE_MS = 1_000;

/** Runs the processors of this process: one BullMQ worker per queue. */
@Injectable()
export class QueueWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Queue');
  private readonly warnings = new RepeatedWarnings(this.logger);
  private workers: readonly Worker[] = [];

  constructor(
    private readonly catalogue: QueueCatalogue,
    private readonly backend: QueueBackend,
    private readonly runner: JobRunner,
    private readonly planner: SchedulePlanner,
    @Inject(QUEUE_CONTEXT) private readonly context: QueueContext,
    @InjectConfig(queueConfig) private readonly config: QueueConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.context.works) return;
    const queues = this.catalogue.queueNames;
    await this.planner.reconcile(this.catalogue.schedules);
    this.workers = queues.map((queue) => this.startWorker(queue));
    this.logger.log({ msg: 'workers started', backend: this.backend.kind, queues: queues.length });
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.workers.length === 0) return;
    const closing = Promise.all(this.workers.map((worker) => worker.close()));
    if (await inTime(closing, this.config.shutdownTimeoutMs)) return;
    this.logger.warn({
      msg: 'jobs are still running at the shutdown deadline; they are told to stop and will run again',
      running: this.runner.running,
    });
    this.runner.abort();
    if (await inTime(closing, ABORT_GRACE_MS)) return;
    this.logger.warn({
      msg: 'jobs did not stop; others take them over when their locks expire',
      running: this.runner.running,
    });
  }

  private startWorker(queue: string): Worker {
    const jobs = this.catalogue.jobs.filter((job) => job.queue === queue);
    const worker = new Worker(queue, (job) => this.runner.run(job), {
      connection: this.backend.workerConnection,
      prefix: this.backend.prefix,
      concurrency: Math.max(...jobs.map((job) => job.concurrency)),
      drainDelay: this.backend.idleSeconds,
      lockDuration: this.config.lockMs,
      stalledInterval: this.config.stalledCheckMs,
      maxStalledCount: MAX_STALLS,
      runRetryDelay: RETRY_CONNECTION_MS,
    });
    worker.on('error', (error) => this.warnings.warn('worker error', error.message, queue));
    worker.on('stalled', (jobId) => this.logger.warn({ msg: 'job of a lost worker runs again', queue, jobId }));
    worker.on('failed', (job, error) => this.runner.failed(queue, job, error));
    return worker;
  }
}

/** False when the work is not done within the time. */
async function inTime(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
