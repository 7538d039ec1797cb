import { Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { z } from 'zod';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { defineEvent } from '../../../src/platform/events/define-event.js';
import { eventsConfig } from '../../../src/platform/events/events.config.js';
import { EventsModule } from '../../../src/platform/events/events.module.js';
import type { AnyJob } from '../../../src/platform/queue/define-job.js';
import { QueueBackend } from '../../../src/platform/queue/backend/queue-backend.js';
import { queueConfig, redisConfig } from '../../../src/platform/queue/queue.config.js';
import { QueueModule } from '../../../src/platform/queue/queue.module.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { testLogger, testPlatform } from '../../support/platform.js';

export const ThingCounted = defineEvent({
  type: 'things.thing-counted',
  version: 1,
  payload: z.object({ thing: z.string(), count: z.number().int() }),
});

export interface EventsProcess {
  readonly works: boolean;
  readonly subscribers?: readonly object[];
  readonly jobs?: readonly AnyJob[];
  readonly processors?: readonly object[];
  readonly config?: z.input<typeof eventsConfig.schema>;
  readonly database?: Omit<z.input<typeof databaseConfig.schema>, 'url'>;
  readonly queue?: z.input<typeof queueConfig.schema>;
}

class SubscribersModule {}
Module({})(SubscribersModule);

/** One process of the product, as far as events are concerned. */
export async function startEventsProcess(databaseUrl: string, options: EventsProcess): Promise<TestingModule> {
  const { works, subscribers = [], jobs = [], processors = [], config = {}, database = {}, queue = {} } = options;
  const subscribersModule: DynamicModule = {
    module: SubscribersModule,
    imports: [QueueModule.forFeature({ jobs })],
    providers: [...subscribers, ...processors].map((instance) => ({
      provide: Symbol('test provider'),
      useValue: instance,
    })),
  };
  const app = await Test.createTestingModule({
    imports: [
      testConfiguration(
        section(databaseConfig, { url: databaseUrl, connectTimeoutMs: 1_000, startTimeoutMs: 5_000, ...database }),
        section(redisConfig, {}),
        section(queueConfig, { lockMs: 2_000, stalledCheckMs: 500, shutdownTimeoutMs: 1_000, ...queue }),
        section(eventsConfig, config),
      ),
      testPlatform,
      DatabaseModule.forRoot(),
      QueueModule.forRoot({ works }),
      EventsModule.forRoot({ works }),
      subscribersModule,
    ],
  })
    .setLogger(testLogger())
    .compile();
  await app.init().catch(async (error: unknown) => {
    // Nest runs no shutdown hooks of an application that did not start.
    await app.get(QueueBackend, { strict: false }).close();
    throw error;
  });
  return app;
}
