import type { TestingModule } from '@nestjs/testing';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../../../src/platform/database/database.js';
import type { DeliveredEvent } from '../../../src/platform/events/define-event.js';
import { EventBus } from '../../../src/platform/events/event-bus.js';
import { Subscribes } from '../../../src/platform/events/subscribes.decorator.js';
import { deliverEvent } from '../../../src/platform/events/deliver-event.job.js';
import { EventStore } from '../../../src/platform/events/event-store.js';
import { pruneEvents } from '../../../src/platform/events/prune-events.job.js';
import { DeadJobs } from '../../../src/platform/queue/dead-jobs.js';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { spawnTypeScript } from '../../support/typescript-process.js';
import { Ledger } from './ledger.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { until } from '../queue/harness.js';
import { startEventsProcess, ThingCounted, type EventsProcess } from './harness.js';

type Counted = DeliveredEvent<typeof ThingCounted>;

class Bookkeeper {
  readonly seen: Counted[] = [];
  failures = 0;

  @Subscribes(ThingCounted, 'books.write-down')
  async writeDown(event: Counted): Promise<void> {
    if (this.failures-- > 0) throw new Error('no ink');
    this.seen.push(event);
  }
}

class Herald {
  readonly seen: Counted[] = [];

  constructor(private readonly onEvent: (event: Counted) => void = () => undefined) {}

  @Subscribes(ThingCounted, 'herald.announce')
  async announce(event: Counted): Promise<void> {
    this.seen.push(event);
    this.onEvent(event);
  }
}

describe('events', () => {
  let db: TestDatabase;
  let apps: TestingModule[];

  beforeEach(async () => {
    db = await createTestDatabase();
    apps = [];
  });

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await db.close();
  });

  async function start(options: EventsProcess): Promise<{ app: TestingModule; bus: EventBus; database: Database }> {
    const app = await startEventsProcess(db.url, options);
    apps.push(app);
    return { app, bus: app.get(EventBus), database: app.get(Database) };
  }

  it('delivers to every subscriber after the commit', async () => {
    const books = new Bookkeeper();
    const herald = new Herald();
    const { bus, database } = await start({ works: true, subscribers: [books, herald] });
    const environmentId = newId();
    await database.transaction(async (tx) => {
      await bus.publish(tx, ThingCounted, { thing: 'apple', count: 3 }, { environmentId });
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(books.seen).toEqual([]);
    });
    await until(
      () => books.seen.length + herald.seen.length,
      (count) => count === 2,
    );
    expect(books.seen[0]).toMatchObject({
      type: 'things.thing-counted',
      environmentId,
      payload: { thing: 'apple', count: 3 },
    });
    expect(books.seen[0]!.occurredAt).toBeInstanceOf(Date);
    expect(herald.seen[0]!.id).toBe(books.seen[0]!.id);
  });

  it('writes many at once in the order given, all or none', async () => {
    const { bus, database } = await start({ works: false, subscribers: [] });
    const environmentId = newId();
    const payloads = Array.from({ length: 300 }, (_, count) => ({ thing: 'apple', count }));
    await database.transaction((tx) => bus.publishMany(tx, ThingCounted, payloads, { environmentId }));
    await database.transaction((tx) => bus.publishMany(tx, ThingCounted, []));
    const bad = [...payloads.slice(0, 2), { thing: 'apple', count: 'many' as never }];
    await expect(database.transaction((tx) => bus.publishMany(tx, ThingCounted, bad))).rejects.toMatchObject({
      code: 'events.invalid_payload',
    });
    const rows = await db.query<{ payload: object; environment: string }>(
      'SELECT payload, environment_id AS environment FROM platform_events ORDER BY sequence',
    );
    expect(rows).toEqual(payloads.map((payload) => ({ payload, environment: environmentId })));
  });

  it('delivers nothing of a transaction that rolled back', async () => {
    const books = new Bookkeeper();
    const { bus, database } = await start({ works: true, subscribers: [books] });
    const failing = database.transaction(async (tx) => {
      await bus.publish(tx, ThingCounted, { thing: 'ghost', count: 1 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await database.transaction((tx) => bus.publish(tx, ThingCounted, { thing: 'real', count: 1 }));
    await until(
      () => books.seen.length,
      (count) => count > 0,
    );
    expect(books.seen.map(({ payload }) => payload.thing)).toEqual(['real']);
  });

  it('refuses a payload that is not what the event says', async () => {
    const { bus, database } = await start({ works: false });
    const publishing = database.transaction((tx) => bus.publish(tx, ThingCounted, { thing: 'apple', count: 1.5 }));
    await expect(publishing).rejects.toMatchObject({ code: 'events.invalid_payload' });
  });

  it('tries a subscriber that fails again, without bothering the others', async () => {
    const books = new Bookkeeper();
    books.failures = 2;
    const herald = new Herald();
    const { bus, database } = await start({ works: true, subscribers: [books, herald] });
    await database.transaction((tx) => bus.publish(tx, ThingCounted, { thing: 'apple', count: 1 }));
    await until(
      () => books.seen.length,
      (count) => count === 1,
      15_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(books.seen).toHaveLength(1);
    expect(herald.seen).toHaveLength(1);
  });

  it('ignores deliveries for subscribers that are gone, and events that nobody wants', async () => {
    const { bus, database, app } = await start({ works: true });
    await database.transaction((tx) => bus.publish(tx, ThingCounted, { thing: 'apple', count: 1 }));
    await app.get(JobQueue).enqueue(deliverEvent, {
      subscriber: 'long.gone',
      eventId: newId(),
      type: 'things.thing-counted',
      version: 1,
      environmentId: null,
      occurredAt: new Date().toISOString(),
      payload: {},
      trace: null,
    });
    await until(
      () =>
        database.query<{ open: number }>(
          'SELECT count(*)::int AS open FROM platform_events WHERE dispatched_at IS NULL',
        ),
      ([row]) => row!.open === 0,
    );
    await until(
      () => app.get(DeadJobs).queues(),
      (queues) => queues.every(({ counts }) => counts.waiting + counts.active + counts.dead === 0),
    );
  });

  it('refuses to start when two subscribers share a name', async () => {
    await expect(start({ works: true, subscribers: [new Herald(), new Herald()] })).rejects.toMatchObject({
      code: 'events.invalid_subscriptions',
    });
  });

  it('takes well under a second from commit to subscriber, across processes', async () => {
    const delays: number[] = [];
    const herald = new Herald((event) => delays.push(Date.now() - event.occurredAt.getTime()));
    await start({ works: true, subscribers: [herald] });
    const { bus, database } = await start({ works: false });
    for (let count = 0; count < 20; count++) {
      await database.transaction((tx) => bus.publish(tx, ThingCounted, { thing: 'x', count }));
      await new Promise((resolve) => setTimeout(resolve, 70));
    }
    await until(
      () => delays.length,
      (count) => count === 20,
    );
    const median = delays.sort((a, b) => a - b)[10]!;
    if (process.env['DSIM_TEST_LOGS'] === '1') console.log({ eventDelayMs: { median, max: delays.at(-1) } });
    expect(median).toBeLessThan(1_000);
  });

  it('loses nothing when publisher and worker are killed', async () => {
    await db.query('CREATE TABLE ledger (event_id uuid, thing text)');
    const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));
    const publisher = spawnTypeScript(script('publisher-process.ts'), [db.url]);
    const worker = spawnTypeScript(script('worker-process.ts'), [db.url]);
    try {
      await worker.printed('ready');
      await publisher.printed('committed thing-100\n');
      await until(
        () => db.query('SELECT 1 FROM ledger'),
        (rows) => rows.length > 20,
      );
      await worker.kill('SIGKILL');
      await publisher.kill('SIGKILL');
    } finally {
      await Promise.all([worker.kill(), publisher.kill()]);
    }
    const committed = [...publisher.output().matchAll(/committed (thing-\d+)\n/g)].map(([, thing]) => thing);
    const ledger = new Ledger();
    const { database } = await start({ works: true, subscribers: [ledger] });
    ledger.database = database;
    const missing = async (): Promise<string[]> => {
      const rows = await db.query<{ thing: string }>('SELECT DISTINCT thing FROM ledger');
      const delivered = new Set(rows.map(({ thing }) => thing));
      return committed.filter((thing): thing is string => thing !== undefined && !delivered.has(thing));
    };
    await until(missing, (things) => things.length === 0, 20_000);
    expect(committed.length).toBeGreaterThan(100);
  });

  it('removes delivered events after their time, and no others', async () => {
    const { app, database } = await start({ works: true, config: { retentionHours: 1 } });
    await db.query(`INSERT INTO platform_events (id, type, version, payload, occurred_at, dispatched_at) VALUES
      ('${newId()}', 'old', 1, '{}', now() - interval '3 hours', now() - interval '2 hours'),
      ('${newId()}', 'young', 1, '{}', now(), now())`);
    await app.get(JobQueue).enqueue(pruneEvents, {});
    const types = async (): Promise<string[]> =>
      (await database.query<{ type: string }>('SELECT type FROM platform_events')).map(({ type }) => type);
    await until(types, (found) => found.length === 1);
    expect(await types()).toEqual(['young']);
  });

  describe('the live view', () => {
    it('shows what commits after it began, from all processes, in spite of long transactions', async () => {
      const { bus, database } = await start({ works: false });
      const other = await start({ works: false });
      const publish = (from: typeof other, thing: string): Promise<void> =>
        from.database.transaction((tx) => from.bus.publish(tx, ThingCounted, { thing, count: 1 }));
      await publish(other, 'past');
      const seen: string[] = [];
      const ready = new Promise((resolve) => setTimeout(resolve, 400));
      const subscription = bus
        .tail(['things.thing-counted'])
        .subscribe((event) => seen.push((event as Counted).payload.thing));
      const second: string[] = [];
      const another = bus.tail().subscribe((event) => second.push((event as Counted).payload.thing));
      await ready;
      const release = deferred();
      const slow = other.database.transaction(async (tx) => {
        await other.bus.publish(tx, ThingCounted, { thing: 'slow', count: 1 });
        await release.promise;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await publish(other, 'quick');
      await publish({ ...other, bus, database }, 'own');
      await until(
        () => seen.length,
        (count) => count === 2,
      );
      release.resolve();
      await slow;
      await until(
        () => seen.length,
        (count) => count === 3,
      );
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(seen).toEqual(['quick', 'own', 'slow']);
      expect(second).toEqual(seen);
      expect(await emptyTail(bus)).toEqual([]);
      subscription.unsubscribe();
      another.unsubscribe();
    });

    it('asks the database nothing while nobody looks', async () => {
      const { app, bus } = await start({ works: false });
      const since = vi.spyOn(app.get(EventStore), 'since');
      const subscription = bus.tail().subscribe();
      await until(
        () => since.mock.calls.length,
        (count) => count > 1,
      );
      subscription.unsubscribe();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const calls = since.mock.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(since.mock.calls.length).toBe(calls);
    });
  });
});

async function emptyTail(bus: EventBus): Promise<unknown[]> {
  const seen: unknown[] = [];
  const subscription = bus.tail(['no.such-event']).subscribe((event) => seen.push(event));
  await new Promise((resolve) => setTimeout(resolve, 100));
  subscription.unsubscribe();
  return seen;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
