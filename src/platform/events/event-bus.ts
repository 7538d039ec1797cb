import type { Observable } from 'rxjs';
import type { Transaction } from '../database/database.js';
import type { AnyEvent, DeliveredEvent, EventPayload } from './define-event.js';

export interface PublishOptions {
  readonly environmentId?: string;
}

/**
 * Transactional outbox. `publish` writes the event in the caller's transaction; after the commit a worker delivers
 * it to each subscriber at least once, in order per subscriber attempt, with retries. `tail` is the lossy live view
 * for browsers: it starts now and is the only part that may miss events.
 */
export abstract class EventBus {
  abstract publish<E extends AnyEvent>(
    tx: Transaction,
    event: E,
    payload: EventPayload<E>,
    options?: PublishOptions,
  ): Promise<void>;
  /** As `publish` for each of them, in the order given. */
  async publishMany<E extends AnyEvent>(
    tx: Transaction,
    event: E,
    payloads: readonly EventPayload<E>[],
    options?: PublishOptions,
  ): Promise<void> {
    for (const payload of payloads) await this.publish(tx, event, payload, options);
  }
  abstract tail(types?: readonly string[]): Observable<DeliveredEvent>;
}
