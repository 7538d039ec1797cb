import type { TestingModule } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DeadJobs } from '../../../src/platform/queue/dead-jobs.js';
import { defineJob, type JobContext, type JobProcessor } from '../../../src/platform/queue/define-job.js';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { Processes } from '../../../src/platform/queue/processes.decorator.js';
import { startQueueProcess, until, type QueueServers } from './harness.js';

const countThings = defineJob({
  name: 'count-things',
  queue: 'test-things',
  version: 1,
  payload: z.object({ thing: z.string(), at: z.coerce.date().optional() }),
  attempts: 3,
  backoffMs: 100,
  concurrency: 4,
});

type Payload = z.output<typeof countThings.payload>;

/** Runs whatever the test says. */
@Processes(countThings)
class ThingCounter implements JobProcessor<typeof countThings> {
  readonly runs: { thing: string; attempt: number; at: number; payload: Payload }[] = [];
  work: (payload: Payload, context: JobContext) => Promise<void> = async () => undefined;

  async process(payload: Payload, context: JobContext): Promise<void> {
    this.runs.push({ thing: payload.thing, attempt: context.attempt, at: Date.now(), payload });
    await this.work(payload, context);
  }
}

/** What the queue promises, whatever it runs on. */
export function queueSuite(servers: () => QueueServers): void {
  let apps: TestingModule[] = [];

  async function start(options: Partial<Parameters<typeof startQueueProcess>[1]> = {}): Promise<{ app: TestingModule; queue: JobQueue; dead: DeadJobs }> {
    const app = await startQueueProcess(servers(), { jobs: [countThings], processors: [new ThingCounter()], ...options });
    apps.push(app);
    return { app, queue: app.get(JobQueue), dead: app.get(DeadJobs) };
  }

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });

  it('runs a job with the parsed payload', async () => {
    const counter = new ThingCounter();
    const { queue } = await start({ processors: [counter] });
    await queue.enqueue(countThings, { thing: 'apple', at: '2026-11-21T00:00:00Z' });
    await until(() => counter.runs, (runs) => runs.length === 1);
    expect(counter.runs[0]!.payload).toEqual({ thing: 'apple', at: new Date('2026-11-21T00:00:00Z') });
  });
}

export { countThings, ThingCounter };
