import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../src/platform/database/database.js';
import { runMigrations } from '../../../src/platform/database/migrations.js';
import type { DeliveredEvent } from '../../../src/platform/events/define-event.js';
import { EventBus } from '../../../src/platform/events/event-bus.js';
import { Subscribes } from '../../../src/platform/events/subscribes.decorator.js';
import { HealthRegistry } from '../../../src/platform/observability/health-registry.js';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { EmbeddedServer } from '../../support/embedded-server.js';
import { startEventsProcess, ThingCounted } from '../events/harness.js';
import { countThings, ThingCounter } from '../queue/count-things.js';
import { until } from '../queue/harness.js';

class Listener {
  readonly things: string[] = [];

  @Subscribes(ThingCounted, 'outage.listen')
  async listen(event: DeliveredEvent<typeof ThingCounted>): Promise<void> {
    this.things.push(event.payload.thing);
  }
}

describe('when PostgreSQL is killed and comes back', () => {
  let server: EmbeddedServer;
  let app: TestingModule;
  let database: Database;
  const listener = new Listener();
  const counter = new ThingCounter();

  beforeAll(async () => {
    server = await EmbeddedServer.start();
    await runMigrations(server.url());
    app = await startEventsProcess(server.url(), {
      works: true,
      subscribers: [listener],
      jobs: [countThings],
      processors: [counter],
      queue: { enqueueTimeoutMs: 1_500 },
    });
    database = app.get(Database);
  });

  afterAll(async () => {
    await app.close();
    await server.stop();
  });

  async function health(): Promise<Record<string, string>> {
    const checks = app.get(HealthRegistry).forScope('ready');
    return Object.fromEntries(
      await Promise.all(checks.map(async (check) => [check.name, (await check.check()).status] as const)),
    );
  }

  function publish(thing: string): Promise<void> {
    return database.transaction((tx) => app.get(EventBus).publish(tx, ThingCounted, { thing, count: 1 }));
  }

  it('says so, fails fast, and heals by itself, losing nothing that was committed', async () => {
    await publish('before');
    await until(
      () => listener.things,
      (things) => things.includes('before'),
    );
    const openTransaction = database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      await new Promise((resolve) => setTimeout(resolve, 500));
      await tx.query('SELECT 1');
    });
    const outcome = openTransaction.then(
      () => 'committed',
      () => 'failed',
    );
    await server.kill();

    expect(await outcome).toBe('failed');
    await expect(database.query('SELECT 1')).rejects.toThrow();
    expect(await health()).toMatchObject({ database: 'down', migrations: 'down', queue: 'down' });
    const started = Date.now();
    await expect(app.get(JobQueue).enqueue(countThings, { thing: 'away' })).rejects.toMatchObject({
      code: 'queue.unavailable',
      kind: 'unavailable',
    });
    expect(Date.now() - started).toBeLessThan(2_000);

    await server.run();
    await until(health, (states) => Object.values(states).every((state) => state === 'up'));
    await publish('after');
    await app.get(JobQueue).enqueue(countThings, { thing: 'back' });
    const recoveredFrom = Date.now();
    await until(
      () => counter.runs.map(({ thing }) => thing),
      (things) => things.includes('back'),
      15_000,
    );
    await until(
      () => listener.things,
      (things) => things.includes('after'),
      15_000,
    );
    expect(Date.now() - recoveredFrom).toBeLessThan(12_000);
  });

  it('finishes a job that was running meanwhile', async () => {
    Object.assign(counter, { work: () => new Promise((resolve) => setTimeout(resolve, 1_500)) });
    await app.get(JobQueue).enqueue(countThings, { thing: 'patient' });
    await until(
      () => counter.runs.map(({ thing }) => thing),
      (things) => things.includes('patient'),
    );
    await server.kill();
    await server.run();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await until(health, (states) => Object.values(states).every((state) => state === 'up'));
    const [row] = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM bullmq.job WHERE queue = 'test-things' AND state <> 'completed'`,
    );
    expect(row!.count).toBe(0);
  });

  it('waits at start until the server answers, and gives up with the cure', async () => {
    await server.kill();
    await expect(
      startEventsProcess(server.url(), { works: false, database: { startTimeoutMs: 300 } }),
    ).rejects.toMatchObject({
      code: 'database.unreachable',
    });
    const starting = startEventsProcess(server.url(), { works: false, database: { startTimeoutMs: 20_000 } });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.run();
    const late = await starting;
    expect(await late.get(Database).query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await late.close();
  });

  it('refuses at once what waiting cannot cure', async () => {
    const wrong = new URL(server.url('no_such_database'));
    await expect(startEventsProcess(wrong.toString(), { works: false })).rejects.toMatchObject({
      code: 'database.refused',
    });
  });

  it('shuts down in time while the server is away', async () => {
    const leaving = await startEventsProcess(server.url(), {
      works: true,
      jobs: [countThings],
      processors: [new ThingCounter()],
    });
    await server.kill();
    const started = Date.now();
    await leaving.close();
    expect(Date.now() - started).toBeLessThan(5_000);
    await server.run();
  });
});
