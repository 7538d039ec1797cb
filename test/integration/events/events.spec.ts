import type { TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../src/platform/database/database.js';
import type { DeliveredEvent } from '../../../src/platform/events/define-event.js';
import { EventBus } from '../../../src/platform/events/event-bus.js';
import { Subscribes } from '../../../src/platform/events/subscribes.decorator.js';
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

  @Subscribes(ThingCounted, 'herald.announce')
  async announce(event: Counted): Promise<void> {
    this.seen.push(event);
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
    await until(() => books.seen.length + herald.seen.length, (count) => count === 2);
    expect(books.seen[0]).toMatchObject({ type: 'things.thing-counted', environmentId, payload: { thing: 'apple', count: 3 } });
    expect(books.seen[0]!.occurredAt).toBeInstanceOf(Date);
    expect(herald.seen[0]!.id).toBe(books.seen[0]!.id);
  });
});
