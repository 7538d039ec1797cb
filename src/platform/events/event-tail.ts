import { Injectable } from '@nestjs/common';
import { Observable, Subject, share, type Subscription } from 'rxjs';
import { InjectConfig } from '../config/define-config.js';
import type { DeliveredEvent } from './define-event.js';
import { CommitSignal } from './commit-signal.js';
import { EventStore, type StoredEvent } from './event-store.js';
import { eventsConfig, type EventsConfig } from './events.config.js';
import { PollLoop } from './poll-loop.js';

const BATCH = 1_000;
const MAX_BACKOFF_MS = 5_000;

/** The live view: one poll per process, and only while somebody looks. */
@Injectable()
export class EventTail {
  readonly events: Observable<DeliveredEvent>;

  constructor(
    private readonly store: EventStore,
    private readonly signal: CommitSignal,
    @InjectConfig(eventsConfig) private readonly config: EventsConfig,
  ) {
    this.events = new Observable<DeliveredEvent>((listener) => this.follow(listener)).pipe(
      share({ connector: () => new Subject<DeliveredEvent>(), resetOnRefCountZero: true }),
    );
  }

  private follow(listener: { next(event: DeliveredEvent): void }): () => void {
    let snapshot: string | undefined;
    const loop = new PollLoop({
      name: 'EventTail',
      intervalMs: this.config.pollMs,
      maxBackoffMs: MAX_BACKOFF_MS,
      look: async () => {
        if (snapshot === undefined) {
          snapshot = await this.store.currentSnapshot();
          return false;
        }
        const tail = await this.store.since(snapshot, BATCH);
        snapshot = tail.snapshot;
        for (const event of tail.events) listener.next(delivered(event));
        return false;
      },
    });
    const wake: Subscription = this.signal.committed.subscribe(() => loop.wake());
    loop.start();
    return () => {
      wake.unsubscribe();
      void loop.stop();
    };
  }
}

function delivered({ id, type, environmentId, occurredAt, payload }: StoredEvent): DeliveredEvent {
  return { id, type, environmentId, occurredAt, payload: payload as never };
}
