import type { TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach } from 'vitest';
import { DeadJobs } from '../../../src/platform/queue/dead-jobs.js';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { Queues } from '../../../src/platform/queue/queues.js';
import { countThings, ThingCounter } from './count-things.js';
import { startQueueProcess, type QueueProcess, type QueueServers } from './harness.js';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Started {
  readonly app: TestingModule;
  readonly queue: JobQueue;
  readonly dead: DeadJobs;
}

export interface QueueFixture {
  readonly start: (options?: Partial<QueueProcess>) => Promise<Started>;
  readonly close: (app: TestingModule) => Promise<void>;
}

/** Processes of one test on an empty queue; those still open are closed after it. */
export function useQueueProcesses(servers: () => QueueServers): QueueFixture {
  let apps: TestingModule[] = [];

  async function start(options: Partial<QueueProcess> = {}): Promise<Started> {
    const app = await startQueueProcess(servers(), { jobs: [countThings], ...options });
    apps.push(app);
    return { app, queue: app.get(JobQueue), dead: app.get(DeadJobs) };
  }

  async function close(app: TestingModule): Promise<void> {
    apps = apps.filter((other) => other !== app);
    await app.close();
  }

  beforeEach(async () => {
    const { app } = await start({ works: false });
    await app.get(Queues).get('test-things').obliterate({ force: true });
    await close(app);
  });

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });

  return { start, close };
}

/** A counter for a changed copy of the job. */
export function processorFor(job: typeof countThings): typeof ThingCounter {
  const Copy = class extends ThingCounter {};
  Reflect.defineMetadata('dsim:processes-job', job, Copy);
  return Copy;
}

export async function schedulerIds(app: TestingModule): Promise<string[]> {
  return (await app.get(Queues).get('test-things').getJobSchedulers()).map(({ key }) => key).sort();
}

export function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
