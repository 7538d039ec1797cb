import { Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { z } from 'zod';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { defineEvent } from '../../../src/platform/events/define-event.js';
import { eventsConfig } from '../../../src/platform/events/events.config.js';
import { EventsModule } from '../../../src/platform/events/events.module.js';
import { queueConfig, redisConfig } from '../../../src/platform/queue/queue.config.js';
import { QueueModule } from '../../../src/platform/queue/queue.module.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { testPlatform } from '../../support/platform.js';

export const ThingCounted = defineEvent({
  type: 'things.thing-counted',
  version: 1,
  payload: z.object({ thing: z.string(), count: z.number().int() }),
});

export interface EventsProcess {
  readonly works: boolean;
  readonly subscribers?: readonly object[];
  readonly config?: z.input<typeof eventsConfig.schema>;
}

class SubscribersModule {}
Module({})(SubscribersModule);

/** One process of the product, as far as events are concerned. */
export async function startEventsProcess(databaseUrl: string, options: EventsProcess): Promise<TestingModule> {
  const { works, subscribers = [], config = {} } = options;
  const subscribersModule: DynamicModule = {
    module: SubscribersModule,
    providers: subscribers.map((subscriber) => ({ provide: Symbol('subscriber'), useValue: subscriber })),
  };
  const app = await Test.createTestingModule({
    imports: [
      testConfiguration(
        section(databaseConfig, { url: databaseUrl, connectTimeoutMs: 1_000, startTimeoutMs: 5_000 }),
        section(redisConfig, {}),
        section(queueConfig, { lockMs: 2_000, stalledCheckMs: 500, shutdownTimeoutMs: 1_000 }),
        section(eventsConfig, config),
      ),
      testPlatform,
      DatabaseModule.forRoot(),
      QueueModule.forRoot({ works }),
      EventsModule.forRoot({ works }),
      subscribersModule,
    ],
  }).compile();
  await app.init();
  return app;
}
