import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tmpdir } from 'node:os';
import { register } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule, loadModules } from '../../src/app/app.module.js';
import { prepare } from '../../src/app/preparation.js';
import { createHttpApplication } from '../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../src/platform/http/http.config.js';
import { listenHttp } from '../../src/platform/http/listen-http.js';
import { PinoLogger } from '../../src/platform/observability/pino-logger.js';
import type { ModuleContext } from '../../src/platform/registry/module-definition.js';
import { NoWorkerHealth } from '../../src/platform/registry/worker-health.js';
import { NoWorkerMetrics } from '../../src/platform/registry/worker-metrics.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/embedded-server.js';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
}

/** What somebody who is not signed in must reach: probes, and the sign-in itself. */
const PUBLIC_OPERATIONS = ['getLiveness', 'getReadiness', 'getStartup', 'loginAuth'];

describe('the whole product as an API process of the experimental profile', () => {
  let app: NestFastifyApplication;
  let database: TestDatabase;
  let urls: Record<string, string>;
  const log: string[] = [];

  beforeAll(async () => {
    register.clear();
    database = await createTestDatabase();
    const { configuration, features } = await prepare({
      DSIM_PROFILE: 'experimental',
      DSIM_ROLE: 'api',
      DATABASE_URL: database.url,
      QUEUE_BACKEND: 'postgres',
      AUTH_JWT_SECRET: 'f5b1f0a9c2e94d0d8b7f6b7a3c1d2e4f5b1f0a9c2e94d0d8',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      HTTP_METRICS_PORT: String(await freePort()),
      HTTP_AI_PORT: String(await freePort()),
    });
    const context: ModuleContext = {
      profile: 'experimental',
      role: 'api',
      serves: true,
      works: false,
      isEnabled: (id) => features.isEnabled(id),
    };
    const logger = await PinoLogger.create({
      level: 'debug',
      format: 'json',
      destination: { write: (line) => void log.push(line) },
    });
    const root = AppModule.compose(context, await loadModules(context), {
      configuration,
      features,
      logger,
      runtime: {
        profile: 'experimental',
        role: 'api',
        version: '0.0.0',
        projectDir: process.cwd(),
        dataDir: tmpdir(),
        embeddedDatabase: false,
        supervised: false,
      },
      workerMetrics: new NoWorkerMetrics(),
      workerHealth: new NoWorkerHealth(),
    });
    app = await createHttpApplication(root, { context, config: configuration.get(httpConfig), logger });
    urls = Object.fromEntries((await listenHttp(app)).map(({ name, url }) => [name, url]));
  });

  afterAll(async () => {
    await app?.close();
    await database?.close();
  });

  it('is ready', async () => {
    const response = await fetch(`${urls.main}/health/ready`);
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'ok', error: {} }]);
  });

  it('closes every route that is not meant for everybody', async () => {
    const document = (await (await fetch(`${urls.main}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const open: string[] = [];
    for (const [template, operations] of Object.entries(document.paths)) {
      const path = template.replace(/\{[^}]+\}/g, '019a0000-0000-7000-8000-000000000000');
      const base = template === '/metrics' ? urls.metrics : template.startsWith('/api/v1/ai/') ? urls.ai : urls.main;
      for (const [method, operation] of Object.entries(operations)) {
        const hasBody = method !== 'get' && method !== 'delete';
        const headers: Record<string, string> = hasBody ? { 'content-type': 'application/json' } : {};
        const body = hasBody ? '{}' : undefined;
        const response = await fetch(`${base}${path}`, { method: method.toUpperCase(), headers, body });
        await response.body?.cancel();
        if (response.status !== 401) open.push(operation.operationId);
      }
    }
    expect(open.sort()).toEqual([...PUBLIC_OPERATIONS].sort());
  });

  it('serves metrics and the AI API on their own ports only', async () => {
    const status = async (url: string): Promise<number> => (await fetch(url)).status;
    expect(await status(`${urls.main}/metrics`)).toBe(404);
    expect(await status(`${urls.metrics}/metrics`)).toBe(401);
    expect(await status(`${urls.main}/api/v1/ai/models`)).toBe(404);
    expect(await status(`${urls.ai}/api/v1/ai/models`)).toBe(401);
    expect(await status(`${urls.ai}/api/v1/environments`)).toBe(404);
  });

  it('has no debug endpoints outside development', async () => {
    expect((await fetch(`${urls.main}/api/v1/debug/event-loop`)).status).toBe(404);
  });

  it('writes one line per request with its id, and no secrets', async () => {
    await fetch(`${urls.main}/api/v1/environments`, {
      headers: { 'x-request-id': 'line-1', authorization: 'Bearer dsim_very-secret_value' },
    });
    const lines = log.filter((line) => line.includes('"requestId":"line-1"'));
    expect(lines.filter((line) => line.includes('"status":401') && line.includes('"http":'))).toHaveLength(1);
    expect(log.join('')).not.toContain('very-secret');
  });
});
