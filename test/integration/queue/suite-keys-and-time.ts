import { describe, expect, it } from 'vitest';
import { defineJob } from '../../../src/platform/queue/define-job.js';
import { Queues } from '../../../src/platform/queue/queues.js';
import { countThings, ThingCounter } from './count-things.js';
import { until } from './harness.js';
import { pause, processorFor, schedulerIds, withResolvers, type QueueFixture } from './queue-fixture.js';

/** Keys, delays and schedules. */
export function keysAndTimeSuite({ start, close }: QueueFixture): void {
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
}
