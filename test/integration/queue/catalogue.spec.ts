import type { TestingModule } from '@nestjs/testing';
import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { register } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { Queues } from '../../../src/platform/queue/queues.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { countThings, ThingCounter } from './count-things.js';
import { startQueueProcess, until, type QueueProcess } from './harness.js';

describe('job declarations', () => {
  let db: TestDatabase;
  let app: TestingModule | undefined;

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });
  afterAll(() => db.close());

  const start = async (options: QueueProcess): Promise<TestingModule> =>
    (app = await startQueueProcess({ databaseUrl: db.url }, options));
  const other = { ...countThings, name: 'weigh-things' };

  it.each<[string, QueueProcess, RegExp]>([
    ['a job without a processor', { jobs: [countThings] }, /job "count-things" has no processor/],
    [
      'a job with two processors',
      { jobs: [countThings], processors: [new ThingCounter(), new ThingCounter()] },
      /has several processors: ThingCounter, ThingCounter/,
    ],
    [
      'two jobs of one name',
      { jobs: [countThings, { ...countThings }], processors: [new ThingCounter()] },
      /two jobs are named "count-things"/,
    ],
    [
      'a processor of an unknown job',
      { jobs: [other], processors: [new ThingCounter()] },
      /ThingCounter processes the job "count-things", which is not registered/,
    ],
    [
      'a schedule without a clock',
      { works: false, jobs: [countThings], schedules: [{ id: 'when', job: countThings, payload: { thing: 'x' } }] },
      /schedule "when" needs either every or cron/,
    ],
    [
      'two schedules of one id',
      {
        works: false,
        jobs: [countThings],
        schedules: [1, 2].map(() => ({ id: 'twice', job: countThings, payload: { thing: 'x' }, every: 1_000 })),
      },
      /two schedules have the id "twice"/,
    ],
    [
      'a schedule of an unknown job',
      {
        works: false,
        jobs: [countThings],
        schedules: [{ id: 'lost', job: other, payload: { thing: 'x' }, every: 1_000 }],
      },
      /starts the unknown job "weigh-things"/,
    ],
  ])('stop the start: %s', async (_, options, message) => {
    await expect(start(options)).rejects.toMatchObject({
      code: 'queue.invalid_jobs',
      message: expect.stringMatching(message) as string,
    });
  });

  it('need no processors where nothing works', async () => {
    await start({ works: false, jobs: [countThings, other] });
    expect(
      app!
        .get(Queues)
        .all()
        .map(({ name }) => name),
    ).toEqual(['test-things']);
  });

  it('show in the metrics', async () => {
    const counter = new ThingCounter(async ({ thing }) => {
      if (thing === 'bad') throw new Error('no');
    });
    const once = { ...countThings, attempts: 1 };
    Reflect.defineMetadata('dsim:processes-job', once, ThingCounter);
    try {
      await start({ jobs: [once], processors: [counter] });
      await app!.get(JobQueue).enqueueMany(once, [{ thing: 'good' }, { thing: 'bad' }]);
      await app!.get(JobQueue).enqueue(once, { thing: 'later' }, { delayMs: 60_000 });
      await until(
        () => register.metrics(),
        (text) => text.includes('outcome="completed"} 1') && text.includes('outcome="dead"} 1'),
      );
      const text = await until(
        () => register.metrics(),
        (metrics) => metrics.includes('dsim_queue_jobs{queue="test-things",state="failed"} 1'),
      );
      expect(text).toContain('dsim_queue_jobs{queue="test-things",state="delayed"} 1');
      expect(text).toMatch(/dsim_queue_job_wait_seconds_count\{queue="test-things",job="count-things"\} 2/);
      expect(text).toMatch(/dsim_queue_job_run_seconds_count\{queue="test-things",job="count-things"\} 2/);
    } finally {
      Reflect.defineMetadata('dsim:processes-job', countThings, ThingCounter);
      await app!.get(Queues).get('test-things').obliterate({ force: true });
    }
  });

  it('refuse a payload that PostgreSQL cannot store as such, not as an outage', async () => {
    await start({ works: false, jobs: [countThings] });
    await expect(app!.get(JobQueue).enqueue(countThings, { thing: 'nul \0' })).rejects.toMatchObject({
      code: 'queue.invalid_payload',
    });
  });

  it('carry the trace of who enqueued them', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    try {
      const seen: (string | undefined)[] = [];
      const counter = new ThingCounter(async () => void seen.push(trace.getActiveSpan()?.spanContext().traceId));
      await start({ jobs: [countThings], processors: [counter] });
      const traceId = await trace.getTracer('test').startActiveSpan('request', async (span) => {
        await app!.get(JobQueue).enqueue(countThings, { thing: 'apple' });
        span.end();
        return span.spanContext().traceId;
      });
      await until(
        () => seen.length,
        (count) => count === 1,
      );
      expect(seen).toEqual([traceId]);
    } finally {
      trace.disable();
      propagation.disable();
      context.disable();
    }
  });
});
