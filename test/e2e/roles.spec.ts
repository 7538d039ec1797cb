import { getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ask } from '../support/http-client.js';
import { rehearseMainJob } from '../support/main-job.js';
import { descendantsOf } from '../support/process-tree.js';
import { Product } from '../support/product.js';

describe('API and worker as two processes on one database', () => {
  let database: TestDatabase;
  let api: Product;
  let worker: Product;

  beforeAll(async () => {
    // Made here: an empty database, which both find at the same moment, is the hardest case.
    database = await createTestDatabase({ empty: true });
    const env = { TELEMETRY_HOST_SOURCE_ENABLED: 'false', INCIDENTS_CALM_MINUTES: '0.1', INCIDENTS_GAP_MINUTES: '0.1' };
    [api, worker] = await Promise.all([
      Product.start({ databaseUrl: database.url, role: 'api', env }),
      Product.start({ databaseUrl: database.url, role: 'worker', env }),
    ]);
    await api.login();
  });
  afterAll(async () => {
    await Promise.all([api?.dispose(), worker?.dispose()]);
    await database?.close();
  });

  it('fork nothing', () => {
    expect(descendantsOf(api.pid)).toEqual([]);
    expect(descendantsOf(worker.pid)).toEqual([]);
  });

  it('leave everything but health and metrics to the API', async () => {
    for (const scope of ['live', 'ready', 'startup'] as const) expect((await worker.health(scope)).status).toBe(200);
    expect((await ask(`${worker.url}/metrics`)).status).toBe(200);
    for (const path of ['/api/v1/environments', '/api/v1/auth/login', '/api/v1/write', '/']) {
      expect([path, (await ask(worker.url + path, { method: 'POST' })).status]).toEqual([path, 404]);
      expect([path, (await ask(worker.url + path)).status]).toEqual([path, 404]);
    }
  });

  it('let people go first: the worker stands back where both want the same core', () => {
    expect(getPriority(api.pid)).toBe(0);
    expect(getPriority(worker.pid)).toBe(10);
  });

  it('do the main job together, and resolve the incident by themselves', async () => {
    await rehearseMainJob(api, { resolution: 'calm' });
  });

  it('stop independently of each other', async () => {
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
    expect((await api.health('ready')).status).toBe(200);
    expect(await api.stop()).toEqual({ code: 0, signal: null });
  });
});
