import { setTimeout as sleep } from 'node:timers/promises';
import { BullModule } from '@nestjs/bullmq';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { ModuleContext } from '../registry/module-definition.js';
import { databaseConfig, type DatabaseConfig } from '../database/database.config.js';
import { usesRedis } from '../redis/redis.config.js';
import { RedisAddressMissing } from '../redis/redis.errors.js';
import { installBackendFactory } from './backend/backend-factory.js';
import { PostgresBackend } from './backend/postgres-backend.js';
import { QueueBackend } from './backend/queue-backend.js';
import { RedisBackend } from './backend/redis-backend.js';
import { BullDeadJobs } from './bull-dead-jobs.js';
import { BullJobQueue } from './bull-job-queue.js';
import { DeadJobs } from './dead-jobs.js';
import type { AnyJob, Schedule } from './define-job.js';
import { JobQueue } from './job-queue.js';
import { JobRunner } from './job-runner.js';
import { QueueCatalogue } from './queue-catalogue.js';
import { QUEUE_CONTEXT } from './queue-context.js';
import { QueueFeature } from './queue-feature.js';
import { QueueMonitor } from './queue-monitor.js';
import { QueueWorkers } from './queue-workers.js';
import { queueConfig, redisConfig, type QueueConfig, type RedisConfig } from './queue.config.js';
import { queueMetricProviders } from './queue.metrics.js';
import { Queues } from './queues.js';
import { SchedulePlanner } from './schedule-planner.js';

/** BullMQ keeps a stream of events per queue; nobody here reads far back. */
const EVENTS_KEPT = 100;
const CLOSE_TIMEOUT_MS = 2_000;

export interface QueueFeatureOptions {
  readonly jobs: readonly AnyJob[];
  readonly schedules?: readonly Schedule[];
}

/** Ends the backend after @nestjs/bullmq has closed the queues on it. */
@Injectable()
class BackendCloser implements OnApplicationShutdown {
  constructor(
    private readonly backend: QueueBackend,
    @Inject(Queues) private readonly queues: Queues,
  ) {}

  /** Connections to a server that is away may never end: then the process ends without them. */
  async onApplicationShutdown(): Promise<void> {
    const closing = Promise.allSettled(this.queues.all().map((queue) => queue.close())).then(() =>
      this.backend.close(),
    );
    await Promise.race([closing, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }
}

@Module({})
class QueueBackendModule {
  static register(): DynamicModule {
    return {
      module: QueueBackendModule,
      global: true,
      providers: [
        {
          provide: QueueBackend,
          inject: [queueConfig.token, redisConfig.token, databaseConfig.token],
          useFactory: openBackend,
        },
      ],
      exports: [QueueBackend],
    };
  }
}

@Module({})
export class QueueModule {
  /** Once, at the root. Workers run where the context works. */
  static forRoot(context: Pick<ModuleContext, 'works'>): DynamicModule {
    installBackendFactory();
    return {
      module: QueueModule,
      global: true,
      imports: [
        DiscoveryModule,
        QueueBackendModule.register(),
        BullModule.forRootAsync({
          inject: [QueueBackend],
          useFactory: (backend: QueueBackend) => ({
            connection: backend.connection,
            prefix: backend.prefix,
            streams: { events: { maxLen: EVENTS_KEPT } },
          }),
        }),
      ],
      providers: [
        { provide: QUEUE_CONTEXT, useValue: { works: context.works } },
        QueueCatalogue,
        Queues,
        SchedulePlanner,
        JobRunner,
        QueueWorkers,
        QueueMonitor,
        BackendCloser,
        BullJobQueue,
        { provide: JobQueue, useExisting: BullJobQueue },
        { provide: DeadJobs, useClass: BullDeadJobs },
        ...queueMetricProviders,
      ],
      exports: [JobQueue, DeadJobs, Queues],
    };
  }

  /** In a module's imports. Its processors belong into that module's own providers, where the context works. */
  static forFeature({ jobs, schedules = [] }: QueueFeatureOptions): DynamicModule {
    const names = [...new Set(jobs.map((job) => job.queue))];
    return {
      module: QueueModule,
      imports: names.length > 0 ? [BullModule.registerQueue(...names.map((name) => ({ name })))] : [],
      providers: [{ provide: Symbol('queue feature'), useValue: new QueueFeature(jobs, schedules) }],
    };
  }
}

async function openBackend(queue: QueueConfig, redis: RedisConfig, database: DatabaseConfig): Promise<QueueBackend> {
  const onRedis = queue.backend === 'redis' || (queue.backend === 'auto' && usesRedis(redis));
  if (onRedis && !usesRedis(redis)) throw new RedisAddressMissing('queue.backend');
  return onRedis ? RedisBackend.open(redis) : PostgresBackend.open(queue, database);
}
