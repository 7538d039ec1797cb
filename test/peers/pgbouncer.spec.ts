import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import type { DeliveredEvent } from '../../src/platform/events/define-event.js';
import { EventBus } from '../../src/platform/events/event-bus.js';
import { Subscribes } from '../../src/platform/events/subscribes.decorator.js';
import { HealthRegistry } from '../../src/platform/observability/health-registry.js';
import { JobQueue } from '../../src/platform/queue/job-queue.js';
import { countThings, ThingCounter } from '../integration/queue/count-things.js';
import { until } from '../integration/queue/harness.js';
import { startEventsProcess, ThingCounted } from '../integration/events/harness.js';
import { binaryCopy } from '../integration/database/binary-copy.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describePeer } from '../support/peers.js';
import { PgBouncer } from '../support/pgbouncer.js';

class Listener {
  readonly things: string[] = [];

  @Subscribes(ThingCounted, 'bouncer.listen')
  async listen(event: DeliveredEvent<typeof ThingCounted>): Promise<void> {
    this.things.push(event.payload.thing);
  }
}

describePeer('pgbouncer', 'behind PgBouncer in transaction mode', (binary) => {
  describe.each([
    { title: 'which refuses startup parameters', ignoreStartupParameters: '' },
    { title: 'which ignores startup parameters', ignoreStartupParameters: 'extra_float_digits,options' },
  ])('$title', ({ ignoreStartupParameters }) => {
    let db: TestDatabase;
    let bouncer: PgBouncer;
    let app: TestingModule;
    let database: Database;
    const listener = new Listener();
    const counter = new ThingCounter();

    beforeAll(async () => {
      db = await createTestDatabase({ empty: true });
      bouncer = await PgBouncer.start(binary('pgbouncer'), db.url, { ignoreStartupParameters });
      await runMigrations(bouncer.url);
      app = await startEventsProcess(bouncer.url, {
        works: true,
        subscribers: [listener],
        jobs: [countThings],
        processors: [counter],
        database: { statementTimeoutMs: 1_500, connectTimeoutMs: 5_000 },
        queue: { pollMs: 200 },
      });
      database = app.get(Database);
      await database.query('CREATE TABLE things (id integer PRIMARY KEY, name text)');
    });

    afterAll(async () => {
      await app?.close();
      await bouncer?.stop();
      await db.close();
    });

    it('migrates, and finds nothing to do the second time', async () => {
      expect(await runMigrations(bouncer.url)).toEqual([]);
    });

    it('runs more transactions than there are server connections', async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, id) =>
          database.transaction(async (tx) => {
            await tx.query('INSERT INTO things VALUES ($1, $2)', [id, `thing ${id}`]);
            await database.lock(tx, 'things');
          }),
        ),
      );
      expect(await database.query('SELECT count(*)::int AS count FROM things')).toEqual([{ count: 40 }]);
    });

    it('copies', async () => {
      const rows = Array.from({ length: 500 }, (_, index) => [1_000 + index, `row ${index}`] as const);
      await database.transaction((tx) =>
        database.copyIn(tx, 'COPY things FROM STDIN (FORMAT binary)', binaryCopy(rows)),
      );
      expect(await database.query('SELECT count(*)::int AS count FROM things WHERE id >= 1000')).toEqual([
        { count: 500 },
      ]);
    });

    it('has the server cancel statements that run too long, on connections that PgBouncer opens from now on', async () => {
      await db.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await until(
        () => database.query('SELECT 1').catch(() => []),
        (rows) => rows.length === 1,
      );
      await expect(database.query('SELECT pg_sleep(6)')).rejects.toThrow(/statement timeout/);
    });

    it('runs jobs and delivers events', async () => {
      const jobs = app.get(JobQueue);
      const started = Date.now();
      await jobs.enqueue(countThings, { thing: 'apple' });
      await until(
        () => counter.runs.length,
        (count) => count === 1,
      );
      expect(Date.now() - started).toBeLessThan(2_000);
      await jobs.enqueueMany(
        countThings,
        Array.from({ length: 50 }, (_, index) => ({ thing: `${index}` })),
      );
      await jobs.enqueue(countThings, { thing: 'later' }, { delayMs: 500 });
      await until(
        () => counter.runs.length,
        (count) => count === 52,
        20_000,
      );
      await database.transaction((tx) => app.get(EventBus).publish(tx, ThingCounted, { thing: 'event', count: 1 }));
      await until(
        () => listener.things,
        (things) => things.includes('event'),
      );
    });

    it('is healthy', async () => {
      for (const check of app.get(HealthRegistry).forScope('ready'))
        expect(await check.check()).toMatchObject({ status: 'up' });
    });
  });
});
