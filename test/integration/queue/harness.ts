import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { z } from 'zod';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import type { AnyJob, Schedule } from '../../../src/platform/queue/define-job.js';
import { QueueBackend } from '../../../src/platform/queue/backend/queue-backend.js';
import { queueConfig, redisConfig } from '../../../src/platform/queue/queue.config.js';
import { QueueModule } from '../../../src/platform/queue/queue.module.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { testLogger, testPlatform } from '../../support/platform.js';

/** Addresses of the servers that a suite runs against. */
export interface QueueServers {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Keeps suites on one Redis apart. */
  readonly keyPrefix?: string;
  /** Anything else about Redis. */
  readonly redis?: z.input<typeof redisConfig.schema>;
}

export interface QueueProcess {
  readonly jobs: readonly AnyJob[];
  readonly schedules?: readonly Schedule[];
  readonly processors?: readonly (Type | object)[];
  readonly works?: boolean;
  readonly config?: z.input<typeof queueConfig.schema>;
}

class FeatureModule {}

/** One process of the product, as far as the queue is concerned. */
export async function startQueueProcess(servers: QueueServers, options: QueueProcess): Promise<TestingModule> {
  const { jobs, schedules = [], processors = [], works = true, config = {} } = options;
  const feature: DynamicModule = {
    module: FeatureModule,
    imports: [QueueModule.forFeature({ jobs, schedules })],
    providers: processors.map((processor) =>
      typeof processor === 'function' ? (processor as Type) : { provide: Symbol('processor'), useValue: processor },
    ),
  };
  Module({})(FeatureModule);
  const app = await Test.createTestingModule({
    imports: [
      testConfiguration(
        section(databaseConfig, { url: servers.databaseUrl, connectTimeoutMs: 1_000, startTimeoutMs: 5_000 }),
        section(redisConfig, {
          url: servers.redisUrl,
          keyPrefix: servers.keyPrefix ?? 'dsim',
          startTimeoutMs: 5_000,
          ...servers.redis,
        }),
        section(queueConfig, { lockMs: 2_000, stalledCheckMs: 500, shutdownTimeoutMs: 1_000, ...config }),
      ),
      testPlatform,
      QueueModule.forRoot({ works }),
      feature,
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

/** Waits until `condition` holds; throws with what it last saw. */
export async function until<T>(
  read: () => T | Promise<T>,
  condition: (value: T) => boolean,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (condition(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`condition not met within ${timeoutMs} ms; last value: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
