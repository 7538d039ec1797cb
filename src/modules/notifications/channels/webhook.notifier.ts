import type { Clock } from '../../../kernel/clock.js';
import { postJson } from './http-post.js';
import type { Notification, Notifier, Outcome } from './notifier.js';
import { DELIVERY_HEADER, SIGNATURE_HEADER, signatureOf } from './webhook-signature.js';

export interface WebhookOptions {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
}

/** Posts a signed JSON envelope to one address. Receivers: see the module's README. */
export class WebhookNotifier implements Notifier {
  constructor(
    private readonly options: WebhookOptions,
    private readonly clock: Clock,
  ) {}

  async deliver(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const body = JSON.stringify({
      version: '1',
      id: notification.eventId,
      type: notification.type,
      occurredAt: notification.occurredAt.toISOString(),
      incident: notification.incident,
    });
    return postJson({
      url: this.options.url,
      body,
      headers: {
        [SIGNATURE_HEADER]: signatureOf(this.options.secret, body, Math.floor(this.clock.now() / 1_000)),
        [DELIVERY_HEADER]: notification.deliveryId,
      },
      timeoutMs: this.options.timeoutMs,
      signal,
    });
  }
}
