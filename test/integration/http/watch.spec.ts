import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { register } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLIC_ROUTE, REQUIRED_PERMISSION } from '../../../src/platform/http/access.js';
import { ShutdownState } from '../../../src/platform/http/shutdown-state.js';
import { HealthRegistry, type HealthCheck } from '../../../src/platform/observability/health-registry.js';
import { Runtime } from '../../../src/platform/registry/runtime.js';
import { NoWorkerHealth, WorkerHealth } from '../../../src/platform/registry/worker-health.js';
import { NoWorkerMetrics, WorkerMetrics } from '../../../src/platform/registry/worker-metrics.js';
import { healthConfig } from '../../../src/modules/health/health.config.js';
import { HealthModule } from '../../../src/modules/health/health.module.js';
import { metricsConfig } from '../../../src/modules/metrics/metrics.config.js';
import { MetricsController } from '../../../src/modules/metrics/metrics.controller.js';
import { MetricsModule } from '../../../src/modules/metrics/metrics.module.js';
import { API_CONTEXT, bootApplication } from './support/application.js';

const runtime = {
  profile: 'development',
  role: 'api',
  version: '1.2.3',
  projectDir: tmpdir(),
  dataDir: `${tmpdir()}/not-there-yet`,
  embeddedDatabase: true,
  supervised: false,
};

@Module({})
class WatchModule {
  static with(given: {
    workerMetrics?: WorkerMetrics;
    workerHealth?: WorkerHealth;
    health?: object;
    metrics?: object;
    profile?: string;
  }) {
    const providers = [
      HealthRegistry,
      { provide: Runtime, useValue: { ...runtime, profile: given.profile ?? runtime.profile } },
      { provide: WorkerMetrics, useValue: given.workerMetrics ?? new NoWorkerMetrics() },
      { provide: WorkerHealth, useValue: given.workerHealth ?? new NoWorkerHealth() },
      {
        provide: healthConfig.token,
        useValue: healthConfig.schema.parse({ cacheMs: 0, timeoutMs: 100, ...given.health }),
      },
      { provide: metricsConfig.token, useValue: metricsConfig.schema.parse(given.metrics ?? {}) },
    ];
    return {
      module: WatchModule,
      global: true,
      imports: [HealthModule.register(API_CONTEXT), MetricsModule.register(API_CONTEXT)],
      providers,
      exports: providers,
    };
  }
}

describe('health', () => {
  let app: NestFastifyApplication;
  beforeEach(() => register.clear());
  afterEach(() => app.close());

  const boot = async (given: Parameters<typeof WatchModule.with>[0], ...checks: HealthCheck[]): Promise<void> => {
    app = await bootApplication(WatchModule.with(given));
    for (const check of checks) app.get(HealthRegistry).register(check);
  };
  const get = async (
    path: string,
  ): Promise<{
    status: number;
    body: { status: string; details: Record<string, { status: string; reason?: string }> };
  }> => {
    const response = await app.inject({ method: 'GET', url: `/health/${path}` });
    return { status: response.statusCode, body: response.json() };
  };
  const check = (run: HealthCheck['check'], scopes: HealthCheck['scopes'] = ['ready', 'startup']): HealthCheck => ({
    name: 'database',
    scopes,
    check: run,
  });

  it('is ready with the state of each check', async () => {
    await boot(
      {},
      check(() => Promise.resolve({ status: 'up', details: { latencyMs: 3 } })),
    );
    const { status, body } = await get('ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      details: {
        database: { status: 'up', latencyMs: 3 },
        disk: { status: 'up' },
        'event-loop-delay': { status: 'up' },
      },
    });
  });

  it('turns 503 with the reason and recovers by itself, while live stays 200', async () => {
    let up = false;
    await boot(
      {},
      check(() => Promise.resolve(up ? { status: 'up' } : { status: 'down', reason: 'PostgreSQL is away.' })),
    );
    const down = await get('ready');
    expect([down.status, down.body.details.database]).toEqual([503, { status: 'down', reason: 'PostgreSQL is away.' }]);
    expect((await get('startup')).status).toBe(503);
    expect((await get('live')).status).toBe(200);
    up = true;
    expect((await get('ready')).status).toBe(200);
  });

  it('takes a check that throws or hangs as down', async () => {
    await boot(
      {},
      check(() => Promise.reject(new Error('broken'))),
      { name: 'slow', scopes: ['ready'], timeoutMs: 30, check: () => new Promise(() => undefined) },
    );
    const { status, body } = await get('ready');
    expect(status).toBe(503);
    expect(body.details.database!.reason).toContain('broken');
    expect(body.details.slow!.reason).toBe('No answer within 30 ms.');
  });

  it('asks once for many probes within the cache time', async () => {
    let asked = 0;
    await boot(
      { health: { cacheMs: 200 } },
      check(() => Promise.resolve({ status: asked++ >= 0 ? 'up' : 'down' })),
    );
    await Promise.all([get('ready'), get('ready'), get('ready')]);
    expect(asked).toBe(1);
    await sleep(220);
    await get('ready');
    expect(asked).toBe(2);
  });

  it('is not ready as soon as shutdown begins, whatever was cached', async () => {
    await boot({ health: { cacheMs: 60_000 } });
    expect((await get('ready')).status).toBe(200);
    app.get(ShutdownState).begin();
    expect((await get('ready')).status).toBe(503);
    expect((await get('live')).status).toBe(200);
  });

  it('is degraded, not down, while the worker starts again', async () => {
    const workerHealth = {
      check: () => Promise.resolve({ status: 'down' as const, reason: 'The worker is starting again.' }),
    };
    await boot({ workerHealth });
    const { status, body } = await get('ready');
    expect([status, body.status, body.details.worker!.status]).toEqual([200, 'degraded', 'degraded']);
  });

  it('is not ready while the event loop is late', async () => {
    await boot({ health: { maxEventLoopDelayMs: 50 } });
    await get('ready');
    await sleep(50);
    const until = Date.now() + 250;
    while (Date.now() < until);
    await sleep(30);
    const { status, body } = await get('ready');
    expect([status, body.details['event-loop-delay']!.status]).toEqual([503, 'down']);
  });

  it('is not ready with too little disk for the database it runs', async () => {
    await boot({ health: { minFreeDiskMib: 1e12 } });
    const { status, body } = await get('ready');
    expect([status, body.details.disk!.status]).toEqual([503, 'down']);
    expect(body.details.disk!.reason).toContain('MiB are free');
  });
});

describe('metrics', () => {
  let app: NestFastifyApplication;
  beforeEach(() => register.clear());
  afterEach(() => app.close());

  it("serves process and HTTP metrics by route template, and the worker's beside them", async () => {
    const workerMetrics = {
      collect: () =>
        Promise.resolve(
          '# HELP process_open_fds Number of open file descriptors.\n# TYPE process_open_fds gauge\nprocess_open_fds{process="worker"} 7\n',
        ),
    };
    app = await bootApplication(WatchModule.with({ workerMetrics }));
    await app.inject({ method: 'GET', url: '/health/live' });
    await app.inject({ method: 'GET', url: '/health/live/../../etc' });
    const response = await app.inject({ method: 'GET', url: '/metrics' });
    expect(response.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(response.body).toMatch(/dsim_http_request_duration_seconds_count\{[^}]*route="\/health\/live"[^}]*\} 1/);
    expect(response.body).toMatch(/dsim_http_request_duration_seconds_count\{[^}]*route="unmatched"[^}]*\} 1/);
    expect(response.body).toContain('dsim_build_info{version="1.2.3"');
    expect(response.body).toContain('process_open_fds{process="worker"} 7');
    const families = response.body.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(new Set(families).size).toBe(families.length);
  });

  it("goes on without the worker's when it does not answer", async () => {
    const workerMetrics = { collect: () => Promise.reject(new Error('gone')) };
    app = await bootApplication(WatchModule.with({ workerMetrics }));
    const response = await app.inject({ method: 'GET', url: '/metrics' });
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain('process_cpu_seconds_total{process="api"}');
  });

  it.each([
    ['development', {}, true],
    ['production', {}, false],
    ['production', { public: true }, true],
    ['development', { public: false }, false],
  ])('is open to everybody in %s with %o: %s', async (profile, metrics, open) => {
    app = await bootApplication(WatchModule.with({ profile, metrics }));
    const route = MetricsController.prototype.index;
    expect(Reflect.getMetadata(PUBLIC_ROUTE, route)).toBe(open);
    expect(Reflect.getMetadata(REQUIRED_PERMISSION, route)).toBe(open ? undefined : 'metrics:read');
  });
});
