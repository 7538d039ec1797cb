import { Injectable, type Provider } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { AnyJob } from './define-job.js';

export const QUEUE_DEPTH = 'dsim_queue_jobs';
const WAIT = 'dsim_queue_job_wait_seconds';
const RUN = 'dsim_queue_job_run_seconds';
const OUTCOMES = 'dsim_queue_job_runs_total';

const BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export type JobOutcome = 'completed' | 'retried' | 'dead';

@Injectable()
export class QueueMetrics {
  constructor(
    @InjectMetric(QUEUE_DEPTH) private readonly depth: Gauge,
    @InjectMetric(WAIT) private readonly wait: Histogram,
    @InjectMetric(RUN) private readonly run: Histogram,
    @InjectMetric(OUTCOMES) private readonly outcomes: Counter,
  ) {}

  /** Replaces what scrapes are told about queue depths by a look at the queues at that moment. */
  onScrape(read: () => Promise<void>): void {
    (this.depth as unknown as { collect?: () => Promise<void> }).collect = read;
  }

  depthOf(queue: string, state: string, jobs: number): void {
    this.depth.set({ queue, state }, jobs);
  }

  waited(job: AnyJob, ms: number): void {
    this.wait.observe({ queue: job.queue, job: job.name }, Math.max(ms, 0) / 1000);
  }

  ran(job: AnyJob, ms: number, outcome: JobOutcome): void {
    this.run.observe({ queue: job.queue, job: job.name }, ms / 1000);
    this.outcomes.inc({ queue: job.queue, job: job.name, outcome });
  }
}

export const queueMetricProviders: Provider[] = [
  makeGaugeProvider({
    name: QUEUE_DEPTH,
    help: 'Jobs by queue and state (waiting, active, delayed, failed = dead). Every process reports the same queues.',
    labelNames: ['queue', 'state'],
  }),
  makeHistogramProvider({
    name: WAIT,
    help: 'Time from when a job was due to its first run.',
    labelNames: ['queue', 'job'],
    buckets: BUCKETS,
  }),
  makeHistogramProvider({
    name: RUN,
    help: 'Run time of jobs, failed runs included.',
    labelNames: ['queue', 'job'],
    buckets: BUCKETS,
  }),
  makeCounterProvider({ name: OUTCOMES, help: 'Runs of jobs by outcome.', labelNames: ['queue', 'job', 'outcome'] }),
  QueueMetrics,
];
