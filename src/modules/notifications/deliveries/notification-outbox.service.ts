import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import type { IncidentSnapshot } from '../../incidents/index.js';
import { ChannelRegistry } from '../channels/channel-registry.js';
import { type Channel, type Notification, TEST_TYPE } from '../channels/notifier.js';
import { deliverNotification } from '../jobs/deliver-notification.job.js';
import { notificationsConfig } from '../notifications.config.js';
import { type Delivery, DeliveryRepository, type Told } from './delivery.repository.js';

type News = Omit<Notification, 'deliveryId'>;

/** Writes down what has to be delivered, then asks for it. If the asking is lost, a sweep finds the row. */
@Injectable()
export class NotificationOutbox {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly channels: ChannelRegistry,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    @InjectConfig(notificationsConfig) private readonly config: ConfigOf<typeof notificationsConfig>,
  ) {}

  async tell(news: News): Promise<void> {
    await this.send(news, this.channels.all());
  }

  /** Evidence comes by the minute: people hear of it only where severity or status changed since they were told. */
  async tellChange(news: News & { readonly incident: IncidentSnapshot }): Promise<void> {
    const concerned: Channel[] = [];
    for (const channel of this.channels.all()) {
      const told = await this.deliveries.lastTold(news.incident.incidentId, channel);
      if (told === undefined || told.eventId === news.eventId || isNews(news.incident, told)) concerned.push(channel);
    }
    await this.send(news, concerned);
  }

  async tellTest(channels: readonly Channel[]): Promise<readonly Delivery[]> {
    const now = this.clock.now();
    return this.send({ eventId: newId(now), type: TEST_TYPE, occurredAt: new Date(now), incident: null }, channels);
  }

  private async send(news: News, channels: readonly Channel[]): Promise<readonly Delivery[]> {
    if (channels.length === 0) return [];
    const now = this.clock.now();
    const giveUpAt = new Date(now + this.config.retryHours * 3_600_000);
    await this.deliveries.add(news, channels, new Date(now), giveUpAt);
    const written = await this.deliveries.ofEvent(news.eventId);
    const untried = written.filter((delivery) => delivery.status === 'pending' && delivery.attempts === 0);
    if (untried.length > 0) {
      await this.jobs.enqueueMany(
        deliverNotification,
        untried.map(({ id }) => ({ deliveryId: id, attempt: 1 })),
      );
    }
    return written;
  }
}

/** An older state that arrives late is none: nobody must hear "open" after "resolved". */
function isNews(incident: IncidentSnapshot, told: Told): boolean {
  return (
    incident.updatedAt >= told.updatedAt && (incident.severity !== told.severity || incident.status !== told.status)
  );
}
