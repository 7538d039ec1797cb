import { Logger } from '@nestjs/common';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { JobProcessor, PayloadOf } from '../queue/define-job.js';
import { Processes } from '../queue/processes.decorator.js';
import type { DeliveredEvent } from './define-event.js';
import { deliverEvent } from './deliver-event.job.js';
import { InvalidEventPayload } from './events.errors.js';
import { SubscriberCatalogue, type Subscriber } from './subscriber-catalogue.js';

const tracer = trace.getTracer('dsim.events');

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
    const attributes = {
      'messaging.operation.type': 'process',
      'messaging.message.id': delivery.eventId,
      'dsim.event.type': delivery.type,
      'dsim.event.subscriber': delivery.subscriber,
    };
    // The trace of who published; without one, that of the job that delivers.
    const parent = propagation.extract(context.active(), delivery.trace ?? {});
    await tracer.startActiveSpan(
      `deliver ${delivery.type} to ${delivery.subscriber}`,
      { kind: SpanKind.CONSUMER, attributes },
      parent,
      async (span) => {
        try {
          await subscriber.handle(event);
        } catch (error) {
          span.recordException(error as Error);
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
    );
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
