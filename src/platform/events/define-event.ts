import type { z } from 'zod';

/** A fact in the past tense, published in the transaction that made it true and delivered after the commit. */
export interface EventDefinition<S extends z.ZodType = z.ZodType> {
  /** `module.past-tense`: `anomaly-detection.anomaly-detected`. */
  readonly type: string;
  readonly version: number;
  readonly payload: S;
}

export type AnyEvent = EventDefinition<z.ZodType>;
export type EventPayload<E> = E extends EventDefinition<infer S> ? z.output<S> : never;

export function defineEvent<S extends z.ZodType>(definition: EventDefinition<S>): EventDefinition<S> {
  return definition;
}

/** What a subscriber receives. `id` is the same on every redelivery: use it to make handling idempotent. */
export interface DeliveredEvent<E extends AnyEvent = AnyEvent> {
  readonly id: string;
  readonly type: string;
  readonly environmentId: string | null;
  readonly occurredAt: Date;
  readonly payload: EventPayload<E>;
}
