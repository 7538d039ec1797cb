import { SetMetadata } from '@nestjs/common';
import type { AnyEvent } from './define-event.js';

export const SUBSCRIBES_EVENT = 'dsim:subscribes-event';

export interface Subscription {
  readonly event: AnyEvent;
  /** `module.verb-noun`, stable across releases: it names the delivery. */
  readonly subscriber: string;
}

/**
 * Marks a provider's method `(event: DeliveredEvent<typeof E>) => Promise<void>` as a durable subscriber. Runs in
 * the worker role. Throw to have it retried.
 */
export function Subscribes(event: AnyEvent, subscriber: string): MethodDecorator {
  return SetMetadata(SUBSCRIBES_EVENT, { event, subscriber } satisfies Subscription);
}
