import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { QueueModule } from '../queue/queue.module.js';
import type { ModuleContext } from '../registry/module-definition.js';
import { CommitSignal } from './commit-signal.js';
import { deliverEvent } from './deliver-event.job.js';
import { DeliverEventProcessor } from './deliver-event.processor.js';
import { EventBus } from './event-bus.js';
import { EventDispatcher } from './event-dispatcher.js';
import { EventStore } from './event-store.js';
import { EventTail } from './event-tail.js';
import { EVENTS_CONTEXT } from './events-context.js';
import { OutboxEventBus } from './outbox-event-bus.js';
import { pruneEvents, pruneEventsSchedule } from './prune-events.job.js';
import { PruneEventsProcessor } from './prune-events.processor.js';
import { SubscriberCatalogue } from './subscriber-catalogue.js';

@Module({})
export class EventsModule {
  static forRoot(context: Pick<ModuleContext, 'works'>): DynamicModule {
    return {
      module: EventsModule,
      global: true,
      imports: [
        DiscoveryModule,
        QueueModule.forFeature({ jobs: [deliverEvent, pruneEvents], schedules: [pruneEventsSchedule] }),
      ],
      providers: [
        { provide: EVENTS_CONTEXT, useValue: { works: context.works } },
        EventStore,
        CommitSignal,
        EventTail,
        SubscriberCatalogue,
        EventDispatcher,
        { provide: EventBus, useClass: OutboxEventBus },
        ...(context.works ? [DeliverEventProcessor, PruneEventsProcessor] : []),
      ],
      exports: [EventBus],
    };
  }
}
