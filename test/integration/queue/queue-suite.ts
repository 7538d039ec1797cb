import type { TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadJobs } from '../../../src/platform/queue/dead-jobs.js';
import { defineJob } from '../../../src/platform/queue/define-job.js';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { Queues } from '../../../src/platform/queue/queues.js';
import { HealthRegistry } from '../../../src/platform/observability/health-registry.js';
import { fileURLToPath } from 'node:url';
import { spawnTypeScript } from '../../support/typescript-process.js';
import { countThings, ThingCounter } from './count-things.js';
import { startQueueProcess, until, type QueueProcess, type QueueServers } from './harness.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Started {
  readonly app: TestingModule;
  readonly queue: JobQueue;
  readonly dead: DeadJobs;
}

/** What the queue promises, whatever it runs on. */
export function queueSuite(servers: () => QueueServers): void {
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

  describe('payloads', () => {
    it('runs a job with the parsed payload', async () => {
      const counter = new ThingCounter();
      const { queue } = await start({ processors: [counter] });
      await queue.enqueue(countThings, { thing: 'apple', at: '2026-11-21T00:00:00Z' });
      await until(
        () => counter.runs,
        (runs) => runs.length === 1,
      );
      expect(counter.runs[0]!.payload).toEqual({ thing: 'apple', at: new Date('2026-11-21T00:00:00Z') });
    });

    it('refuses a bad payload when it is enqueued', async () => {
      const { queue } = await start({ works: false });
      await expect(queue.enqueue(countThings, { thing: 5 } as never)).rejects.toMatchObject({
        code: 'queue.invalid_payload',
        issues: [{ path: 'thing' }],
      });
    });

    it('refuses a job that nobody registered', async () => {
      const { queue } = await start({ works: false });
      const stranger = defineJob({ ...countThings, name: 'count-ghosts' });
      await expect(queue.enqueue(stranger, { thing: 'boo' })).rejects.toMatchObject({
        code: 'queue.job_not_registered',
      });
    });

    it('buries a payload of another version at once, without running it', async () => {
      const counter = new ThingCounter();
      const version2 = { ...countThings, version: 2 };
      const api = await start({ works: false, jobs: [version2] });
      await api.queue.enqueue(version2, { thing: 'pear' });
      const { dead } = await start({ processors: [counter] });
      const page = await until(
        () => dead.list('test-things', { limit: 10 }),
        ({ items }) => items.length === 1,
      );
      expect(page.items[0]).toMatchObject({ job: 'count-things', payload: { thing: 'pear' }, attempts: 1 });
      expect(page.items[0]!.reason).toContain('version 2; this release reads version 1');
      expect(counter.runs).toEqual([]);
    });

    it('takes a thousand at once', async () => {
      const counter = new ThingCounter();
      const { queue } = await start({ processors: [counter] });
      await queue.enqueueMany(
        countThings,
        Array.from({ length: 1_000 }, (_, index) => ({ thing: `${index}` })),
      );
      await until(
        () => counter.runs.length,
        (count) => count === 1_000,
        20_000,
      );
      expect(new Set(counter.runs.map(({ thing }) => thing)).size).toBe(1_000);
    });
  });

  describe('failures', () => {
    it('tries again, later each time', async () => {
      const counter = new ThingCounter(async (_, { attempt }) => {
        if (attempt < 3) throw new Error('not yet');
      });
      const { queue, dead } = await start({ processors: [counter] });
      await queue.enqueue(countThings, { thing: 'apple' });
      await until(
        () => counter.runs.length,
        (count) => count === 3,
      );
      expect(counter.runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [first, second, third] = counter.runs.map(({ at }) => at) as [number, number, number];
      expect(second - first).toBeGreaterThanOrEqual(45);
      expect(third - second).toBeGreaterThanOrEqual(95);
      await pause(300);
      expect(counter.runs).toHaveLength(3);
      expect((await dead.list('test-things', { limit: 10 })).items).toEqual([]);
    });

    it('keeps a job that used all its attempts, lists it and runs it again on demand', async () => {
      let broken = true;
      const counter = new ThingCounter(async () => {
        if (broken) throw new Error('always');
      });
      const { queue, dead } = await start({ processors: [counter] });
      await queue.enqueue(countThings, { thing: 'apple' });
      const page = await until(
        () => dead.list('test-things', { limit: 10 }),
        ({ items }) => items.length === 1,
      );
      expect(page).toMatchObject({
        items: [{ payload: { thing: 'apple' }, attempts: 3, reason: 'always' }],
        nextCursor: null,
      });
      expect(page.items[0]!.diedAt).toBeInstanceOf(Date);
      expect(await dead.queues()).toEqual([
        { name: 'test-things', counts: { waiting: 0, active: 0, delayed: 0, dead: 1 }, jobs: ['count-things'] },
      ]);
      broken = false;
      await dead.retry('test-things', page.items[0]!.id);
      await until(
        () => counter.runs.length,
        (count) => count === 4,
      );
      expect(counter.runs[3]!.attempt).toBe(1);
      await until(
        () => dead.list('test-things', { limit: 10 }),
        ({ items }) => items.length === 0,
      );
      await expect(dead.retry('test-things', page.items[0]!.id)).rejects.toMatchObject({
        code: 'queue.dead_job_not_found',
      });
      await expect(dead.list('no-such', { limit: 1 })).rejects.toMatchObject({ code: 'queue.queue_not_found' });
    });

    it('pages through dead jobs, the newest first', async () => {
      const once = { ...countThings, attempts: 1, concurrency: 1 };
      const counter = new (processorFor(once))(async () => {
        throw new Error('no');
      });
      const { queue, dead } = await start({ jobs: [once], processors: [counter] });
      for (const thing of ['a', 'b', 'c']) await queue.enqueue(once, { thing });
      await until(
        () => counter.runs.length,
        (count) => count === 3,
      );
      await until(
        () => dead.list('test-things', { limit: 10 }),
        ({ items }) => items.length === 3,
      );
      const first = await dead.list('test-things', { limit: 2 });
      expect(first.items.map(({ payload }) => payload)).toEqual([{ thing: 'c' }, { thing: 'b' }]);
      const second = await dead.list('test-things', { limit: 2, cursor: first.nextCursor! });
      expect(second.items.map(({ payload }) => payload)).toEqual([{ thing: 'a' }]);
      expect(second.nextCursor).toBeNull();
    });
  });

  describe('keys', () => {
    const keyed = defineJob({ ...countThings, key: ({ thing }) => `thing:${thing}/ä` });

    it('makes one job of two with the same key, and frees the key when it has finished', async () => {
      const api = await start({ works: false, jobs: [keyed] });
      await api.queue.enqueue(keyed, { thing: 'apple' });
      await api.queue.enqueue(keyed, { thing: 'apple' });
      await api.queue.enqueueMany(keyed, [{ thing: 'apple' }, { thing: 'pear' }]);
      const counter = new (processorFor(keyed))();
      await start({ jobs: [keyed], processors: [counter] });
      await until(
        () => counter.runs.length,
        (count) => count >= 2,
      );
      await pause(200);
      expect(counter.runs.map(({ thing }) => thing).sort()).toEqual(['apple', 'pear']);
      await api.queue.enqueue(keyed, { thing: 'apple' });
      await until(
        () => counter.runs.length,
        (count) => count === 3,
      );
    });

    it('frees the key of a job that died', async () => {
      let broken = true;
      const once = { ...keyed, attempts: 1 };
      const counter = new (processorFor(once))(async () => {
        if (broken) throw new Error('no');
      });
      const { queue, dead } = await start({ jobs: [once], processors: [counter] });
      await queue.enqueue(once, { thing: 'apple' });
      await until(
        () => dead.list('test-things', { limit: 10 }),
        ({ items }) => items.length === 1,
      );
      broken = false;
      await queue.enqueue(once, { thing: 'apple' });
      await until(
        () => counter.runs.length,
        (count) => count === 2,
      );
    });

    it('remembers a key that may not be used again', async () => {
      const once = { ...keyed, keyReusable: false };
      const counter = new (processorFor(once))();
      const { queue } = await start({ jobs: [once], processors: [counter] });
      await queue.enqueue(once, { thing: 'apple' });
      await until(
        () => counter.runs.length,
        (count) => count === 1,
      );
      await pause(100);
      await queue.enqueue(once, { thing: 'apple' });
      await queue.enqueue(once, { thing: 'pear' });
      await until(
        () => counter.runs.length,
        (count) => count === 2,
      );
      await pause(200);
      expect(counter.runs.map(({ thing }) => thing)).toEqual(['apple', 'pear']);
    });

    it('by default drops what comes while the job runs, and runs it once more where the job asks for it', async () => {
      for (const rerunIfActive of [false, true]) {
        const job = { ...keyed, rerunIfActive };
        const gate = withResolvers();
        const counter = new (processorFor(job))(() => gate.promise);
        const { app, queue } = await start({ jobs: [job], processors: [counter] });
        await queue.enqueue(job, { thing: 'apple' });
        await until(
          () => counter.runs.length,
          (count) => count === 1,
        );
        await queue.enqueue(job, { thing: 'apple' });
        await queue.enqueue(job, { thing: 'apple' });
        gate.resolve();
        await pause(500);
        expect(counter.runs).toHaveLength(rerunIfActive ? 2 : 1);
        await close(app);
      }
    });
  });

  describe('time', () => {
    it('waits before it runs a delayed job', async () => {
      const counter = new ThingCounter();
      const { queue } = await start({ processors: [counter] });
      const started = Date.now();
      await queue.enqueue(countThings, { thing: 'later' }, { delayMs: 700 });
      await queue.enqueue(countThings, { thing: 'now' });
      await until(
        () => counter.runs.length,
        (count) => count === 2,
      );
      expect(counter.runs.map(({ thing }) => thing)).toEqual(['now', 'later']);
      const waited = counter.runs[1]!.at - started;
      expect(waited).toBeGreaterThanOrEqual(690);
      expect(waited).toBeLessThan(2_500);
    });

    it('runs a schedule once per period, however many processes declare it', async () => {
      const schedules = [{ id: 'count-often', job: countThings, payload: { thing: 'tick' }, every: 400 }];
      const counters = [new ThingCounter(), new ThingCounter()];
      await Promise.all(counters.map((counter) => start({ schedules, processors: [counter] })));
      await pause(2_600);
      const times = counters.flatMap(({ runs }) => runs.map(({ at }) => at)).sort((a, b) => a - b);
      expect(times.length).toBeGreaterThanOrEqual(5);
      expect(times.length).toBeLessThanOrEqual(8);
      const slots = times.slice(1).map((at) => Math.round(at / 400));
      expect(new Set(slots).size).toBeGreaterThanOrEqual(slots.length - 1);
    });

    it('removes a schedule that is no longer declared and keeps one made at run time', async () => {
      const declared = { id: 'hourly', job: countThings, payload: { thing: 'declared' }, every: 3_600_000 };
      const first = await start({ processors: [new ThingCounter()], schedules: [declared] });
      await first.queue.upsertSchedule({
        id: 'environment-1',
        job: countThings,
        payload: { thing: 'runtime' },
        cron: '0 4 * * *',
      });
      expect(await schedulerIds(first.app)).toEqual(['declared.hourly', 'runtime.environment-1']);
      await close(first.app);
      const second = await start({ processors: [new ThingCounter()] });
      expect(await schedulerIds(second.app)).toEqual(['runtime.environment-1']);
      await second.queue.removeSchedule(countThings, 'environment-1');
      expect(await schedulerIds(second.app)).toEqual([]);
    });

    it('changes a schedule, and leaves an unchanged one to its rhythm', async () => {
      const { app, queue } = await start({ processors: [new ThingCounter()] });
      const schedule = { id: 'nightly', job: countThings, payload: { thing: 'a' }, cron: '0 4 * * *' };
      await queue.upsertSchedule(schedule);
      const [before] = await app.get(Queues).get('test-things').getJobSchedulers();
      await queue.upsertSchedule(schedule);
      const [same] = await app.get(Queues).get('test-things').getJobSchedulers();
      expect(same).toEqual(before);
      expect(new Date(before!.next!).getUTCHours()).toBe(4);
      await queue.upsertSchedule({ ...schedule, cron: '0 5 * * *', payload: { thing: 'b' } });
      const [changed] = await app.get(Queues).get('test-things').getJobSchedulers();
      expect(changed).toMatchObject({ pattern: '0 5 * * *', template: { data: { data: { thing: 'b' } } } });
      await expect(
        queue.upsertSchedule({ id: 'both', job: countThings, payload: { thing: 'a' } }),
      ).rejects.toMatchObject({
        code: 'queue.invalid_schedule',
      });
    });
  });

  describe('workers', () => {
    it('run nothing in a process that does not work', async () => {
      const counter = new ThingCounter();
      const { queue, dead } = await start({ works: false, processors: [counter] });
      await queue.enqueue(countThings, { thing: 'apple' });
      await pause(300);
      expect(counter.runs).toEqual([]);
      expect((await dead.queues())[0]!.counts.waiting).toBe(1);
    });

    it('run no more at once than the job allows', async () => {
      let running = 0;
      let most = 0;
      const counter = new ThingCounter(async () => {
        most = Math.max(most, ++running);
        await pause(50);
        running--;
      });
      const { queue } = await start({ processors: [counter] });
      await queue.enqueueMany(
        countThings,
        Array.from({ length: 20 }, (_, index) => ({ thing: `${index}` })),
      );
      await until(
        () => counter.runs.length,
        (count) => count === 20,
      );
      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(4);
    });

    it('finish what runs at shutdown and leave the rest to others', async () => {
      const one = { ...countThings, concurrency: 1 };
      const finished: string[] = [];
      const first = new (processorFor(one))(async ({ thing }) => {
        await pause(400);
        finished.push(thing);
      });
      const { app, queue } = await start({ jobs: [one], processors: [first] });
      await queue.enqueueMany(one, [{ thing: 'a' }, { thing: 'b' }]);
      await until(
        () => first.runs.length,
        (count) => count === 1,
      );
      await close(app);
      expect(finished).toEqual(['a']);
      const second = new (processorFor(one))();
      await start({ jobs: [one], processors: [second] });
      await until(
        () => second.runs.length,
        (count) => count === 1,
      );
      expect(second.runs[0]!.thing).toBe('b');
    });

    it('tell a job that outlasts the deadline to stop, and others run it again', async () => {
      let reason: unknown;
      const first = new ThingCounter(async (_, { signal }) => {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        reason = signal.reason;
        throw new Error('stopped');
      });
      const { app, queue } = await start({ processors: [first], config: { shutdownTimeoutMs: 200 } });
      await queue.enqueue(countThings, { thing: 'long' });
      await until(
        () => first.runs.length,
        (count) => count === 1,
      );
      const started = Date.now();
      await close(app);
      expect(Date.now() - started).toBeLessThan(2_500);
      expect(reason).toBeInstanceOf(Error);
      const second = new ThingCounter();
      await start({ processors: [second] });
      await until(
        () => second.runs.length,
        (count) => count === 1,
      );
    });

    it('take over the job of a worker that was killed', async () => {
      const script = fileURLToPath(new URL('./stuck-worker.ts', import.meta.url));
      const victim = spawnTypeScript(script, [JSON.stringify(servers())]);
      try {
        await victim.printed('ready');
        const api = await start({ works: false });
        await api.queue.enqueue(countThings, { thing: 'orphan' });
        await victim.printed('stuck');
        await victim.kill('SIGKILL');
        const killedAt = Date.now();
        const heir = new ThingCounter();
        await start({ processors: [heir] });
        await until(
          () => heir.runs.length,
          (count) => count === 1,
          15_000,
        );
        expect(heir.runs[0]!.thing).toBe('orphan');
        expect(Date.now() - killedAt).toBeLessThan(10_000);
      } finally {
        await victim.kill();
      }
    });
  });

  it('reports its health', async () => {
    const { app } = await start({ works: false });
    const check = app
      .get(HealthRegistry)
      .forScope('ready')
      .find(({ name }) => name === 'queue')!;
    expect(await check.check()).toMatchObject({ status: 'up' });
  });
}

/** A counter for a changed copy of the job. */
function processorFor(job: typeof countThings): typeof ThingCounter {
  const Copy = class extends ThingCounter {};
  Reflect.defineMetadata('dsim:processes-job', job, Copy);
  return Copy;
}

async function schedulerIds(app: TestingModule): Promise<string[]> {
  return (await app.get(Queues).get('test-things').getJobSchedulers()).map(({ key }) => key).sort();
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
