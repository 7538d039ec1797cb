import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions } from 'fastify';
import { register } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AuditTrail, type AuditEntry } from '../../../src/modules/audit/index.js';
import { OperationsModule } from '../../../src/modules/operations/operations.module.js';
import { Database } from '../../../src/platform/database/database.js';
import { encodeCursor } from '../../../src/platform/http/paging.js';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import { LogLevelControl } from '../../../src/platform/observability/log-level-control.js';
import type { LogLevelName } from '../../../src/platform/observability/observability.config.js';
import { defineJob } from '../../../src/platform/queue/define-job.js';
import { JobQueue } from '../../../src/platform/queue/job-queue.js';
import { Processes } from '../../../src/platform/queue/processes.decorator.js';
import { queueConfig, redisConfig } from '../../../src/platform/queue/queue.config.js';
import { QueueModule } from '../../../src/platform/queue/queue.module.js';
import { FeatureRegistry, type Feature } from '../../../src/platform/registry/feature-registry.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testPlatform } from '../../support/platform.js';
import { until } from '../queue/harness.js';
import { API_CONTEXT, bootApplication } from './support/application.js';
import { NamedCallerGuard } from './support/named-caller.guard.js';

const breakThings = defineJob({
  name: 'break-things',
  queue: 'operations-test',
  version: 1,
  payload: z.object({ thing: z.string() }),
  attempts: 1,
  backoffMs: 10,
  concurrency: 1,
});

let broken = true;
let mended = 0;

@Processes(breakThings)
class BreakThingsProcessor {
  process(): Promise<void> {
    if (broken) return Promise.reject(new Error('it broke'));
    mended += 1;
    return Promise.resolve();
  }
}

class MemoryLevel extends LogLevelControl {
  level: LogLevelName = 'info';

  set(level: LogLevelName): void {
    this.level = level;
  }
}

const feature: Feature = {
  id: 'ai-api',
  title: 'AI API',
  description: 'd',
  tier: 4,
  stage: 'experimental',
  enabled: false,
  reason: 'off: not in the development profile',
  flag: 'FEATURE_AI_API',
  dependsOn: ['auth'],
};

class RootModule {}

describe('operations', () => {
  let app: NestFastifyApplication;
  let database: TestDatabase;
  const audited: AuditEntry[] = [];

  beforeAll(async () => {
    register.clear();
    database = await createTestDatabase();
    const providers = [
      { provide: Database, useValue: { transaction: (work: (tx: object) => Promise<unknown>) => work({}) } },
      { provide: AuditTrail, useValue: { record: (_tx: unknown, entry: AuditEntry) => void audited.push(entry) } },
      { provide: LogLevelControl, useClass: MemoryLevel },
      { provide: FeatureRegistry, useValue: new FeatureRegistry([feature]) },
    ];
    app = await bootApplication({
      module: RootModule,
      global: true,
      imports: [
        testConfiguration(
          section(databaseConfig, { url: database.url }),
          section(redisConfig, {}),
          section(queueConfig, {}),
        ),
        testPlatform,
        QueueModule.forRoot({ works: true }),
        QueueModule.forFeature({ jobs: [breakThings] }),
        OperationsModule.register(API_CONTEXT),
      ],
      providers: [...providers, BreakThingsProcessor, { provide: APP_GUARD, useClass: NamedCallerGuard }],
      exports: providers.map(({ provide }) => provide),
    });
  });
  afterAll(async () => {
    await app.close();
    await database.close();
  });

  const call = (method: InjectOptions['method'], path: string, payload?: object, caller = 'admin') =>
    app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { 'x-caller': caller },
      ...(payload ? { payload } : {}),
    } as InjectOptions);

  it('lists features with their reasons to every reader', async () => {
    const response = await call('GET', 'features', undefined, 'reader');
    expect(response.json()).toEqual({ items: [feature] });
  });

  it('closes everything else to those who are no administrators', async () => {
    for (const path of [
      'log-level',
      'queues',
      'queues/operations-test/dead',
      'queues/dashboard',
      'queues/dashboard/api/queues',
      'debug/event-loop',
    ]) {
      expect((await call('GET', path, undefined, 'reader')).statusCode, path).toBe(403);
    }
  });

  it('changes the log level, on record', async () => {
    expect((await call('PUT', 'log-level', { level: 'debug' })).json()).toEqual({ level: 'debug' });
    expect((await call('GET', 'log-level')).json()).toEqual({ level: 'debug' });
    expect(audited.at(-1)).toMatchObject({
      action: 'operations.set-log-level',
      details: { before: 'info', after: 'debug' },
    });
    expect((await call('PUT', 'log-level', { level: 'loud' })).json().errors[0].path).toBe('level');
  });

  it('shows dead jobs and runs one again', async () => {
    await app.get(JobQueue).enqueue(breakThings, { thing: 'x' });
    const list = async (): Promise<{ id: string; reason: string; payload: unknown }[]> =>
      (await call('GET', 'queues/operations-test/dead')).json().items;
    const [dead] = await until(list, (items) => items.length === 1);
    expect(dead).toMatchObject({
      job: 'break-things',
      payload: { thing: 'x' },
      reason: expect.stringContaining('it broke'),
    });
    expect((await call('GET', 'queues')).json().items).toContainEqual(
      expect.objectContaining({ name: 'operations-test', counts: expect.objectContaining({ dead: 1 }) }),
    );
    broken = false;
    expect((await call('POST', `queues/operations-test/dead/${encodeURIComponent(dead!.id)}/retry`)).statusCode).toBe(
      202,
    );
    await until(
      () => mended,
      (count) => count === 1,
    );
    expect(await list()).toEqual([]);
    expect(audited.at(-1)).toMatchObject({ action: 'operations.retry-job', subjectId: `operations-test/${dead!.id}` });
  });

  it('answers 404 for a queue or job that is not there', async () => {
    expect((await call('GET', 'queues/nothing/dead')).json().code).toBe('queue.queue_not_found');
    expect((await call('POST', 'queues/operations-test/dead/nothing/retry')).statusCode).toBe(404);
    expect((await call('GET', 'queues/Not A Queue/dead')).statusCode).toBe(400);
    for (const cursor of ['nonsense', '1', encodeCursor(['a']), encodeCursor([-1])]) {
      const page = await call('GET', `queues/operations-test/dead?cursor=${cursor}`);
      expect([page.statusCode, page.json().code], cursor).toEqual([400, 'http.invalid_cursor']);
    }
    expect((await call('GET', `queues/operations-test/dead?cursor=${encodeCursor([5])}`)).json().items).toEqual([]);
    expect((await call('POST', 'queues/operations-test/dead/a%00b/retry')).json().errors).toMatchObject([
      { path: 'jobId' },
    ]);
  });

  it('shows the dashboard with its own policy and nothing from elsewhere', async () => {
    const page = await call('GET', 'queues/dashboard');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'");
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.body).not.toContain('https://');
    for (const [, path] of page.body.matchAll(/(?:src|href)="(static\/[^"]+)"/g)) {
      expect((await call('GET', `queues/dashboard/${path}`)).statusCode, path).toBe(200);
    }
    const queues = (await call('GET', 'queues/dashboard/api/queues?page=1')).json().queues as { name: string }[];
    expect(queues.map(({ name }) => name)).toEqual(['operations-test']);
    expect((await call('PUT', 'queues/dashboard/api/queues/operations-test/pause')).statusCode).toBe(200);
    expect((await call('PUT', 'queues/dashboard/api/queues/operations-test/resume')).statusCode).toBe(200);
    expect((await call('GET', 'queues/dashboard/static/%2e%2e/%2e%2e/package.json')).statusCode).not.toBe(200);
  });
});
