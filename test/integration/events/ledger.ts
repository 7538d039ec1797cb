import type { Database } from '../../../src/platform/database/database.js';
import type { DeliveredEvent } from '../../../src/platform/events/define-event.js';
import { Subscribes } from '../../../src/platform/events/subscribes.decorator.js';
import { ThingCounted } from './harness.js';

/** Writes what it hears into a table, so that deliveries of several processes can be counted together. */
export class Ledger {
  database: Database | undefined;

  @Subscribes(ThingCounted, 'ledger.write')
  async write(event: DeliveredEvent<typeof ThingCounted>): Promise<void> {
    await this.database!.query('INSERT INTO ledger (event_id, thing) VALUES ($1, $2)', [event.id, event.payload.thing]);
  }
}
