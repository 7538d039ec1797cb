import type { IncidentSnapshot } from '../../incidents/index.js';

/** Why a delivery did not succeed; also a metric label. */
export const FAILURE_REASONS = [
  'client_error',
  'gone',
  'rate_limited',
  'server_error',
  'redirect',
  'timeout',
  'connection',
  'interrupted',
  'channel_removed',
  'internal',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Event type of a notification that someone asked for to try a channel; it carries no incident. */
export const TEST_TYPE = 'notifications.test';

export interface Notification {
  /** The same on every try: receivers recognise repetitions by it. */
  readonly deliveryId: string;
  /** The event that it tells of; the same for all channels. */
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  /** As it was when the event happened; null in a test. */
  readonly incident: IncidentSnapshot | null;
}

export type Outcome =
  | { readonly outcome: 'delivered' }
  | {
      readonly outcome: 'retryable-failure';
      readonly reason: FailureReason;
      /** For the list of deliveries; names hosts and status codes, never paths, headers or secrets. */
      readonly detail: string;
      readonly retryAfterMs?: number;
    }
  | { readonly outcome: 'permanent-failure'; readonly reason: FailureReason; readonly detail: string };

/** One way to tell people. Must be safe to repeat; must not throw for what the other side does. */
export interface Notifier {
  deliver(notification: Notification, signal: AbortSignal): Promise<Outcome>;
}

/** A notifier with one place that it sends to. Each gets, and retries, deliveries of its own. */
export interface Channel {
  /** `console`, `webhook`, `alertmanager`. */
  readonly name: string;
  /** Tells two places of one name apart; stable while the configuration of the place is. */
  readonly target: string;
  /** Shown to people: no path and no query, because those may hold secrets. */
  readonly destination: string;
  readonly notifier: Notifier;
}
