import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { AnyEvent, DeliveredEvent } from './define-event.js';
import { InvalidSubscriptions } from './events.errors.js';
import { SUBSCRIBES_EVENT, type Subscription } from './subscribes.decorator.js';

export interface Subscriber {
  readonly name: string;
  readonly event: AnyEvent;
  readonly handle: (event: DeliveredEvent) => Promise<void>;
}

type Handler = (event: DeliveredEvent) => Promise<void>;

/** All `@Subscribes` methods of this process. */
@Injectable()
export class SubscriberCatalogue {
  private byName: ReadonlyMap<string, Subscriber> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  named(name: string): Subscriber | undefined {
    return this.load().get(name);
  }

  of(type: string): readonly Subscriber[] {
    return [...this.load().values()].filter((subscriber) => subscriber.event.type === type);
  }

  /** Throws `events.invalid_subscriptions` when two subscribers share a name. */
  load(): ReadonlyMap<string, Subscriber> {
    if (this.byName) return this.byName;
    const found = this.find();
    const names = found.map(({ name }) => name);
    const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
    if (twice.length > 0) throw new InvalidSubscriptions(twice.map((name) => `two subscribers are named "${name}"`));
    this.byName = new Map(found.map((subscriber) => [subscriber.name, subscriber]));
    return this.byName;
  }

  private find(): Subscriber[] {
    const instances = new Set(
      this.discovery
        .getProviders()
        .map((wrapper) => wrapper.instance as unknown)
        .filter((instance): instance is object => typeof instance === 'object' && instance !== null),
    );
    return [...instances].flatMap((instance) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
      if (!prototype || prototype === Object.prototype) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
        const handler = prototype[method] as Handler;
        const subscription = this.reflector.get<Subscription | undefined>(SUBSCRIBES_EVENT, handler);
        if (!subscription) return [];
        return [{ name: subscription.subscriber, event: subscription.event, handle: handler.bind(instance) }];
      });
    });
  }
}
