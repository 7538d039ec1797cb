import { describe, expect, it } from 'vitest';
import { defineJob } from '../../../src/platform/queue/define-job.js';
import { countThings, ThingCounter } from './count-things.js';
import { until } from './harness.js';
import { pause, processorFor, type QueueFixture } from './queue-fixture.js';

/** Payloads and failures. */
export function jobsSuite({ start }: QueueFixture): void {
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
}
