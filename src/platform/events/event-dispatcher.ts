import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { InjectConfig } from '../config/define-config.js';
import { JobQueue } from '../queue/job-queue.js';
import { CommitSignal } from './commit-signal.js';
import { deliverEvent } from './deliver-event.job.js';
import { EventStore, type StoredEvent } from './event-store.js';
import { EVENTS_CONTEXT, type EventsContext } from './events-context.js';
import { eventsConfig, type EventsConfig } from './events.config.js';
import { PollLoop } from './poll-loop.js';
import { SubscriberCatalogue } from './subscriber-catalogue.js';

const BATCH = 200;
const MAX_BACKOFF_MS = 10_000;

/**
 * Turns committed events into jobs, one per subscriber. It enqueues before it marks: a crash in between delivers
 * again, never not at all.
 */
@Injectable()
export class EventDispatcher implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private loop: PollLoop | undefined;
  private wake: Subscription | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly subscribers: SubscriberCatalogue,
    private readonly jobs: JobQueue,
    private readonly signal: CommitSignal,
    @Inject(EVENTS_CONTEXT) private readonly context: EventsContext,
    @InjectConfig(eventsConfig) private readonly config: EventsConfig,
  ) {}

  /** Before anything runs: wrong declarations stop the start. */
  onModuleInit(): void {
    this.subscribers.load();
  }

  onApplicationBootstrap(): void {
    if (!this.context.works) return;
    const loop = new PollLoop({
      name: 'EventDispatcher',
      intervalMs: this.config.pollMs,
      maxBackoffMs: MAX_BACKOFF_MS,
      look: () => this.dispatch(),
    });
    this.wake = this.signal.committed.subscribe(() => loop.wake());
    this.loop = loop;
    loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.wake?.unsubscribe();
    await this.loop?.stop();
  }

  private async dispatch(): Promise<boolean> {
    if (!(await this.store.hasUndispatched())) return false;
    const count = await this.store.dispatch(BATCH, (events) => this.enqueue(events));
    return count === BATCH;
  }

  private async enqueue(events: readonly StoredEvent[]): Promise<void> {
    const deliveries = events.flatMap((event) =>
      this.subscribers.of(event.type).map(({ name }) => ({
        subscriber: name,
        eventId: event.id,
        type: event.type,
        version: event.version,
        environmentId: event.environmentId,
        occurredAt: event.occurredAt.toISOString(),
        payload: event.payload,
        trace: event.trace,
      })),
    );
    await this.jobs.enqueueMany(deliverEvent, deliveries);
  }
}
