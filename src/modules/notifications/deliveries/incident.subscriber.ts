import { Injectable } from '@nestjs/common';
import type { DeliveredEvent } from '../../../platform/events/define-event.js';
import { Subscribes } from '../../../platform/events/subscribes.decorator.js';
import { IncidentAcknowledged, IncidentOpened, IncidentResolved, IncidentUpdated } from '../../incidents/index.js';
import { NotificationOutbox } from './notification-outbox.service.js';

/** Every channel is told when an incident opens, is acknowledged, resolves, or becomes more or less serious. */
@Injectable()
export class IncidentSubscriber {
  constructor(private readonly outbox: NotificationOutbox) {}

  @Subscribes(IncidentOpened, 'notifications.tell-opened')
  async onOpened(event: DeliveredEvent<typeof IncidentOpened>): Promise<void> {
    await this.outbox.tell({ ...event, eventId: event.id, incident: event.payload });
  }

  @Subscribes(IncidentUpdated, 'notifications.tell-updated')
  async onUpdated(event: DeliveredEvent<typeof IncidentUpdated>): Promise<void> {
    await this.outbox.tellChange({ ...event, eventId: event.id, incident: event.payload });
  }

  @Subscribes(IncidentAcknowledged, 'notifications.tell-acknowledged')
  async onAcknowledged(event: DeliveredEvent<typeof IncidentAcknowledged>): Promise<void> {
    await this.outbox.tell({ ...event, eventId: event.id, incident: event.payload });
  }

  @Subscribes(IncidentResolved, 'notifications.tell-resolved')
  async onResolved(event: DeliveredEvent<typeof IncidentResolved>): Promise<void> {
    await this.outbox.tell({ ...event, eventId: event.id, incident: event.payload });
  }
}
