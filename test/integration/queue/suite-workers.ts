import { describe, expect, it } from 'vitest';
import { HealthRegistry } from '../../../src/platform/observability/health-registry.js';
import { fileURLToPath } from 'node:url';
import { spawnTypeScript } from '../../support/typescript-process.js';
import { countThings, ThingCounter } from './count-things.js';
import { until, type QueueServers } from './harness.js';
import { pause, processorFor, type QueueFixture } from './queue-fixture.js';

/** What worker processes promise, dying ones included. */
export function workersSuite({ start, close }: QueueFixture, servers: () => QueueServers): void {
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
