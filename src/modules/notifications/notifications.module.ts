import { type DynamicModule, Module } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { AlertLabelsRepository } from './channels/alert-labels.repository.js';
import { ChannelRegistry } from './channels/channel-registry.js';
import { ConfiguredChannels } from './channels/configured-channels.js';
import { ChannelTests } from './deliveries/channel-tests.service.js';
import { DeliveryRepository } from './deliveries/delivery.repository.js';
import { IncidentSubscriber } from './deliveries/incident.subscriber.js';
import { NotificationOutbox } from './deliveries/notification-outbox.service.js';
import { deliverNotification } from './jobs/deliver-notification.job.js';
import { DeliverNotificationProcessor } from './jobs/deliver-notification.processor.js';
import { PruneDeliveriesProcessor } from './jobs/prune-deliveries.processor.js';
import { ResendAlertsProcessor } from './jobs/resend-alerts.processor.js';
import { SweepDeliveriesProcessor } from './jobs/sweep-deliveries.processor.js';
import { pruneDeliveries, resendAlerts, sweepDeliveries, upkeepSchedules } from './jobs/upkeep.jobs.js';
import { NotificationsController } from './notifications.controller.js';
import { deliveryMetrics } from './notifications.metrics.js';

@Module({})
export class NotificationsModule {
  static register(context: ModuleContext): DynamicModule {
    const jobs = [deliverNotification, sweepDeliveries, resendAlerts, pruneDeliveries];
    return {
      module: NotificationsModule,
      global: true,
      imports: [QueueModule.forFeature({ jobs, schedules: upkeepSchedules })],
      controllers: context.serves ? [NotificationsController] : [],
      providers: [
        ...deliveryMetrics,
        ChannelRegistry,
        ConfiguredChannels,
        AlertLabelsRepository,
        DeliveryRepository,
        NotificationOutbox,
        ...(context.serves ? [ChannelTests] : []),
        ...(context.works
          ? [
              IncidentSubscriber,
              DeliverNotificationProcessor,
              SweepDeliveriesProcessor,
              ResendAlertsProcessor,
              PruneDeliveriesProcessor,
            ]
          : []),
      ],
      exports: [ChannelRegistry],
    };
  }
}
