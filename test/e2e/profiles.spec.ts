import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/embedded-server.js';
import { ask } from '../support/http-client.js';
import { ADMIN_PASSWORD, Product } from '../support/product.js';

const SECRETS = { AUTH_JWT_SECRET: 'Kq0v3u1fYw8mVb2sRz6xTn4cJd7gHp5aLe9i' };
const ELSEWHERE = { origin: 'https://elsewhere.example' };

interface Feature {
  readonly id: string;
  readonly enabled: boolean;
  readonly reason: string;
}

function login(product: Product, headers: Readonly<Record<string, string>> = {}) {
  return ask(`${product.url}/api/v1/auth/login`, {
    method: 'POST',
    body: { username: 'admin', password: ADMIN_PASSWORD },
    headers,
  });
}

async function featuresOf(product: Product): Promise<ReadonlyMap<string, Feature>> {
  const { items } = await product.ok<{ items: Feature[] }>('GET', 'features');
  return new Map(items.map((feature) => [feature.id, feature]));
}

describe('profile production', () => {
  let database: TestDatabase;
  let product: Product;

  beforeAll(async () => {
    database = await createTestDatabase();
    product = await Product.start({
      databaseUrl: database.url,
      profile: 'production',
      env: { ...SECRETS, HTTP_HOST: undefined, OBSERVABILITY_LOG_FORMAT: undefined },
    });
    await product.login();
  });
  afterAll(async () => {
    await product?.dispose();
    await database?.close();
  });

  it('lets nobody in without signing in, health apart', async () => {
    for (const path of ['/api/v1/environments', '/api/v1/features', '/api/v1/incidents', '/metrics']) {
      expect([path, (await ask(product.url + path)).status]).toEqual([path, 401]);
    }
    for (const scope of ['live', 'ready', 'startup'] as const) expect((await product.health(scope)).status).toBe(200);
  });

  it('answers no other origin, and gives its cookie to encrypted connections only', async () => {
    expect((await login(product, ELSEWHERE)).headers['access-control-allow-origin']).toBeUndefined();
    const { status, headers } = await login(product);
    expect(status).toBe(200);
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^dsim_session=[^;]+;.*HttpOnly.*Secure/)]);
  });

  it('serves metrics to whoever may read them', async () => {
    const { token } = await product.ok<{ token: string }>('POST', 'api-tokens', {
      name: 'scrape',
      permissions: ['metrics:read'],
    });
    const { status, text } = await ask(`${product.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect(status).toBe(200);
    expect(text).toMatch(/^process_cpu_seconds_total\b/m);
  });

  it('has experiments off, and says that the profile is why', async () => {
    const features = await featuresOf(product);
    expect(features.get('ai-api')).toMatchObject({ enabled: false, reason: 'off: default of the production profile' });
    expect(features.get('incidents')).toMatchObject({ enabled: true });
    expect((await product.api('GET', 'ai/models')).status).toBe(404);
  });

  it('logs one JSON object per line, without secrets', () => {
    const lines = product.output
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(product.output).not.toContain(SECRETS.AUTH_JWT_SECRET);
    expect(product.output).not.toContain(ADMIN_PASSWORD);
  });
});

describe('profile development', () => {
  let database: TestDatabase;
  let product: Product;

  beforeAll(async () => {
    database = await createTestDatabase();
    product = await Product.start({
      databaseUrl: database.url,
      env: { OBSERVABILITY_LOG_FORMAT: undefined, DSIM_PROFILE: undefined },
    });
    await product.login();
  });
  afterAll(async () => {
    await product?.dispose();
    await database?.close();
  });

  it('is what holds where nobody chose, and greets people with a banner', () => {
    expect(product.output).toMatch(/profile development, role all: ready in \d+\.\d s/);
    expect(product.output).toContain(`http://localhost:${product.port}/`);
  });

  it('answers pages of every origin, and shows its metrics', async () => {
    const { status, headers } = await login(product, ELSEWHERE);
    expect(status).toBe(200);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect((await ask(`${product.url}/metrics`)).status).toBe(200);
  });

  it('closes everything else', async () => {
    expect((await ask(`${product.url}/api/v1/environments`)).status).toBe(401);
  });

  it('serves the page and the manual of its API', async () => {
    for (const path of ['/', '/api/docs', '/api/openapi.json']) {
      expect([path, (await ask(product.url + path)).status]).toEqual([path, 200]);
    }
  });
});

describe('profile experimental', () => {
  let database: TestDatabase;
  let product: Product;
  let metrics: string;
  let ai: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const [metricsPort, aiPort] = [await freePort(), await freePort()];
    metrics = `http://127.0.0.1:${metricsPort}`;
    ai = `http://127.0.0.1:${aiPort}`;
    product = await Product.start({
      databaseUrl: database.url,
      profile: 'experimental',
      env: { ...SECRETS, HTTP_METRICS_PORT: String(metricsPort), HTTP_AI_PORT: String(aiPort), METRICS_PUBLIC: 'true' },
    });
    await product.login();
  });
  afterAll(async () => {
    await product?.dispose();
    await database?.close();
  });

  it('serves metrics, and nothing else, on a port of their own', async () => {
    expect((await ask(`${metrics}/metrics`)).status).toBe(200);
    for (const base of [product.url, ai]) expect((await ask(`${base}/metrics`)).status).toBe(404);
    for (const path of ['/api/v1/environments', '/api/v1/ai/models', '/health/live', '/']) {
      expect([path, (await ask(metrics + path)).status]).toEqual([path, 404]);
    }
  });

  it('serves the AI API, and nothing else, on a port of its own', async () => {
    const { token } = await product.ok<{ token: string }>('POST', 'api-tokens', {
      name: 'ai',
      permissions: ['anomalies:read'],
    });
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await ask<{ items: { id: string }[] }>(`${ai}/api/v1/ai/models`, { headers });
    expect(status).toBe(200);
    expect(body.items.map(({ id }) => id)).toContain('robust-window');
    for (const base of [product.url, metrics])
      expect((await ask(`${base}/api/v1/ai/models`, { headers })).status).toBe(404);
    for (const path of ['/api/v1/environments', '/health/live', '/']) {
      expect([path, (await ask(ai + path, { headers })).status]).toEqual([path, 404]);
    }
    expect((await ask(`${ai}/api/v1/ai/models`)).status).toBe(401);
  });

  it('has experiments on', async () => {
    expect((await featuresOf(product)).get('ai-api')).toMatchObject({ enabled: true });
  });
});
