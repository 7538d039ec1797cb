import { Injectable } from '@nestjs/common';
import { context, propagation } from '@opentelemetry/api';
import { filter, type Observable } from 'rxjs';
import { newId } from '../../kernel/ids.js';
import { CommitHooks } from '../database/commit-hooks.js';
import type { Transaction } from '../database/database.js';
import type { AnyEvent, DeliveredEvent, EventPayload } from './define-event.js';
import { EventBus, type PublishOptions } from './event-bus.js';
import { EventStore } from './event-store.js';
import { EventTail } from './event-tail.js';
import { CommitSignal } from './commit-signal.js';
import { InvalidEventPayload } from './events.errors.js';

@Injectable()
export class OutboxEventBus extends EventBus {
  constructor(
    private readonly store: EventStore,
    private readonly eventTail: EventTail,
    private readonly hooks: CommitHooks,
    private readonly signal: CommitSignal,
  ) {
    super();
  }

  override async publish<E extends AnyEvent>(
    tx: Transaction,
    event: E,
    payload: EventPayload<E>,
    options: PublishOptions = {},
  ): Promise<void> {
    await this.publishMany(tx, event, [payload], options);
  }

  override async publishMany<E extends AnyEvent>(
    tx: Transaction,
    event: E,
    payloads: readonly EventPayload<E>[],
    options: PublishOptions = {},
  ): Promise<void> {
    if (payloads.length === 0) return;
    const trace: Record<string, string> = {};
    propagation.inject(context.active(), trace);
    const common = {
      type: event.type,
      version: event.version,
      environmentId: options.environmentId ?? null,
      trace: Object.keys(trace).length > 0 ? trace : null,
    };
    for (const payload of payloads) check(event, payload);
    await this.store.append(
      tx,
      payloads.map((payload) => ({ ...common, id: newId(), payload })),
    );
    this.hooks.afterCommit(tx, () => this.signal.emit());
  }

  override tail(types?: readonly string[]): Observable<DeliveredEvent> {
    const all = this.eventTail.events;
    return types ? all.pipe(filter((event) => types.includes(event.type))) : all;
  }
}

function check(event: AnyEvent, payload: unknown): void {
  const checked = event.payload.safeParse(payload);
  if (checked.success) return;
  const issues = checked.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new InvalidEventPayload(event.type, issues.join('; '));
}
