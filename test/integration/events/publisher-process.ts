import { Database } from '../../../src/platform/database/database.js';
import { EventBus } from '../../../src/platform/events/event-bus.js';
import { startEventsProcess, ThingCounted } from './harness.js';

/** Publishes without end and prints what was committed, so that a test can kill it. */
const app = await startEventsProcess(process.argv.at(-1)!, { works: false });
for (let count = 0; ; count++) {
  await app
    .get(Database)
    .transaction((tx) => app.get(EventBus).publish(tx, ThingCounted, { thing: `thing-${count}`, count }));
  console.log(`committed thing-${count}`);
}
