import { Logger } from '@nestjs/common';
import { context, propagation } from '@opentelemetry/api';
import type { JobProcessor, PayloadOf } from '../queue/define-job.js';
import { Processes } from '../queue/processes.decorator.js';
import type { DeliveredEvent } from './define-event.js';
import { deliverEvent } from './deliver-event.job.js';
import { InvalidEventPayload } from './events.errors.js';
import { SubscriberCatalogue, type Subscriber } from './subscriber-catalogue.js';

type Delivery = PayloadOf<typeof deliverEvent>;

@Processes(deliverEvent)
export class DeliverEventProcessor implements JobProcessor<typeof deliverEvent> {
  private readonly logger = new Logger('Events');

  constructor(private readonly subscribers: SubscriberCatalogue) {}

  async process(delivery: Delivery): Promise<void> {
    const subscriber = this.subscribers.named(delivery.subscriber);
    if (!subscriber) {
      this.logger.warn({
        msg: 'event for a subscriber that this release does not have',
        subscriber: delivery.subscriber,
        type: delivery.type,
      });
      return;
    }
    const event = read(subscriber, delivery);
    const parent = propagation.extract(context.active(), delivery.trace ?? {});
    await context.with(parent, () => subscriber.handle(event));
  }
}

function read({ event }: Subscriber, delivery: Delivery): DeliveredEvent {
  if (delivery.version !== event.version) {
    throw new InvalidEventPayload(
      event.type,
      `version ${delivery.version} where this release reads version ${event.version}`,
    );
  }
  const parsed = event.payload.safeParse(delivery.payload);
  if (!parsed.success)
    throw new InvalidEventPayload(event.type, parsed.error.issues.map(({ message }) => message).join('; '));
  return {
    id: delivery.eventId,
    type: delivery.type,
    environmentId: delivery.environmentId,
    occurredAt: new Date(delivery.occurredAt),
    payload: parsed.data as never,
  };
}
