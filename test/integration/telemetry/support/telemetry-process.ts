import { Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { z } from 'zod';
import { Clock } from '../../../../src/kernel/clock.js';
import { newId } from '../../../../src/kernel/ids.js';
import type { Page } from '../../../../src/kernel/page.js';
import { ApiTokenProvisioner } from '../../../../src/modules/auth/index.js';
import {
  type Environment,
  EnvironmentsProvisioner,
  EnvironmentsReader,
  EventTime,
} from '../../../../src/modules/environments/index.js';
import { SqlEventTime } from '../../../../src/modules/environments/sql-event-time.js';
import { telemetryConfig } from '../../../../src/modules/telemetry/telemetry.config.js';
import { TelemetryModule } from '../../../../src/modules/telemetry/telemetry.module.js';
import { databaseConfig } from '../../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../../src/platform/database/database.module.js';
import { HealthRegistry } from '../../../../src/platform/observability/health-registry.js';
import { queueConfig, redisConfig } from '../../../../src/platform/queue/queue.config.js';
import { QueueModule } from '../../../../src/platform/queue/queue.module.js';
import { section, testConfiguration } from '../../../support/configuration.js';
import type { TestDatabase } from '../../../support/database.js';
import { moduleContext } from '../../../support/platform.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export class SettableClock extends Clock {
  constructor(public time: number) {
    super();
  }
  override now(): number {
    return this.time;
  }
}

export class KnownEnvironments extends EnvironmentsReader {
  readonly known: Environment[] = [];
  /** Finds what a test has created before. */
  readonly provisioner: EnvironmentsProvisioner = {
    ensure: async ({ slug }) => this.known.find((environment) => environment.slug === slug)!,
    create: () => Promise.reject(new Error('not expected')),
    remove: () => Promise.reject(new Error('not expected')),
  };

  override async get(id: string): Promise<Environment> {
    const environment = await this.find(id);
    if (!environment) throw new Error(`no environment ${id}`);
    return environment;
  }
  override async find(id: string): Promise<Environment | undefined> {
    return this.known.find((environment) => environment.id === id);
  }
  override async all(): Promise<readonly Environment[]> {
    return this.known;
  }
  override async page(): Promise<Page<Environment>> {
    return { items: this.known, nextCursor: null };
  }
}

export interface TelemetryProcessOptions {
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly environments: KnownEnvironments;
  readonly config?: z.input<typeof telemetryConfig.schema>;
  readonly serves?: boolean;
  readonly imports?: readonly DynamicModule[];
}

class TestRootModule {}
Module({})(TestRootModule);

/** The parts of one process that telemetry needs. No job runs by itself: tests call the services. */
export function telemetryImports(options: TelemetryProcessOptions): DynamicModule[] {
  const { databaseUrl, clock, environments, config = {}, serves = false } = options;
  const providers = [
    HealthRegistry,
    { provide: Clock, useValue: clock },
    { provide: EnvironmentsReader, useValue: environments },
    { provide: EventTime, useClass: SqlEventTime },
    { provide: EnvironmentsProvisioner, useValue: environments.provisioner },
    // No test here configures a token of its own: test/integration/auth covers them.
    { provide: ApiTokenProvisioner, useValue: { ensure: () => Promise.reject(new Error('not expected')) } },
  ];
  return [
    testConfiguration(
      section(databaseConfig, { url: databaseUrl, connectTimeoutMs: 2_000, startTimeoutMs: 5_000 }),
      section(redisConfig, {}),
      section(queueConfig, {}),
      section(telemetryConfig, { hostSource: { enabled: false }, ...config }),
    ),
    { module: TestRootModule, global: true, providers, exports: providers },
    DatabaseModule.forRoot(),
    QueueModule.forRoot({ works: false }),
    TelemetryModule.register(moduleContext({ serves, works: true })),
  ];
}

export async function startTelemetryProcess(options: TelemetryProcessOptions): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports: telemetryImports(options) }).compile();
  await app.init();
  return app;
}

export async function createEnvironment(
  database: TestDatabase,
  environments: KnownEnvironments,
  changes: Partial<Environment> = {},
): Promise<Environment> {
  const id = newId();
  const wanted = {
    name: 'Test',
    slug: `test-${id}`,
    kind: 'live' as const,
    tickSeconds: 15,
    retentionDays: 15,
    maxSeries: 100_000,
    ...changes,
  };
  const [row] = await database.query<{ key: number; created_at: Date }>(
    `INSERT INTO environments_environments (id, name, slug, kind, tick_seconds, retention_days, max_series)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING key, created_at`,
    [id, wanted.name, wanted.slug, wanted.kind, wanted.tickSeconds, wanted.retentionDays, wanted.maxSeries],
  );
  const environment: Environment = { ...wanted, id, key: row!.key, createdAt: row!.created_at };
  environments.known.push(environment);
  return environment;
}
