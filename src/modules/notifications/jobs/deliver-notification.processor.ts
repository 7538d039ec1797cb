import { Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { ChannelRegistry } from '../channels/channel-registry.js';
import type { Outcome } from '../channels/notifier.js';
import { backoffMs } from '../deliveries/backoff.js';
import { type ClaimedDelivery, DeliveryRepository } from '../deliveries/delivery.repository.js';
import { notificationsConfig } from '../notifications.config.js';
import { ATTEMPTS_TOTAL, DELIVERIES_TOTAL, DELIVERY_SECONDS } from '../notifications.metrics.js';
import { deliverNotification } from './deliver-notification.job.js';

/** Beyond the receiver's timeout: how long recording the outcome may take before another try may start. */
const RECORDING_MS = 20_000;

/**
 * Claims a try, sends, records. A crash in between leaves the claim to run out; then the sweep starts the next try
 * with the same delivery id, so receivers can tell that they have it already.
 */
@Processes(deliverNotification)
export class DeliverNotificationProcessor implements JobProcessor<typeof deliverNotification> {
  private readonly logger = new Logger('Notifications');

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly channels: ChannelRegistry,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    @InjectConfig(notificationsConfig) private readonly config: ConfigOf<typeof notificationsConfig>,
    @InjectMetric(ATTEMPTS_TOTAL) private readonly attempts: Counter<'channel' | 'outcome' | 'reason'>,
    @InjectMetric(DELIVERIES_TOTAL) private readonly finished: Counter<'channel' | 'status'>,
    @InjectMetric(DELIVERY_SECONDS) private readonly seconds: Histogram<'channel'>,
  ) {}

  async process(
    { deliveryId, attempt }: PayloadOf<typeof deliverNotification>,
    context: Pick<JobContext, 'signal'>,
  ): Promise<void> {
    const lease = this.clock.now() + this.config.timeoutSeconds * 1_000 + RECORDING_MS;
    const delivery = await this.deliveries.claim(deliveryId, attempt, new Date(lease));
    if (delivery === undefined) return;
    const outcome = await this.send(delivery, context.signal);
    const reason = outcome.outcome === 'delivered' ? '' : outcome.reason;
    this.attempts.inc({ channel: delivery.channel, outcome: outcome.outcome, reason });
    await this.record(delivery, outcome);
  }

  private async send(delivery: ClaimedDelivery, signal: AbortSignal): Promise<Outcome> {
    const channel = this.channels.find(delivery.channel, delivery.target);
    if (channel === undefined) {
      const detail = `${delivery.channel} to ${delivery.destination} is no longer configured`;
      return { outcome: 'permanent-failure', reason: 'channel_removed', detail };
    }
    const { id: deliveryId, eventId, type, occurredAt, incident } = delivery;
    try {
      return await channel.notifier.deliver({ deliveryId, eventId, type, occurredAt, incident }, signal);
    } catch (error) {
      this.logger.error({
        msg: 'notifier failed',
        channel: delivery.channel,
        delivery: delivery.id,
        error: String(error),
      });
      return { outcome: 'retryable-failure', reason: 'internal', detail: 'our own failure; see the log' };
    }
  }

  private async record(delivery: ClaimedDelivery, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    const { id, channel, attempts } = delivery;
    if (outcome.outcome === 'delivered') {
      await this.deliveries.finish(id, 'delivered', new Date(now));
      this.finished.inc({ channel, status: 'delivered' });
      this.seconds.observe({ channel }, Math.max(0, now - delivery.occurredAt.getTime()) / 1_000);
      return;
    }
    const facts = { delivery: id, channel, destination: delivery.destination, reason: outcome.reason, attempts };
    const next = outcome.outcome === 'retryable-failure' ? this.nextTry(delivery, outcome, now) : undefined;
    if (next === undefined) {
      await this.deliveries.finish(id, 'failed', new Date(now), outcome);
      this.finished.inc({ channel, status: 'failed' });
      this.logger.warn({ msg: 'notification given up', ...facts });
      return;
    }
    await this.deliveries.postpone(id, new Date(next), outcome);
    this.logger.debug({
      msg: 'notification will be tried again',
      ...facts,
      nextAttemptAt: new Date(next).toISOString(),
    });
    await this.jobs.enqueue(deliverNotification, { deliveryId: id, attempt: attempts + 1 }, { delayMs: next - now });
  }

  /** Undefined when the time for this delivery is over. A receiver's Retry-After is the least we wait. */
  private nextTry(delivery: ClaimedDelivery, outcome: { retryAfterMs?: number }, now: number): number | undefined {
    const next = now + Math.max(backoffMs(delivery.attempts, Math.random()), outcome.retryAfterMs ?? 0);
    return next <= delivery.giveUpAt.getTime() ? next : undefined;
  }
}
