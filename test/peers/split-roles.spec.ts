import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rehearseMainJob } from '../support/main-job.js';
import { describePeer } from '../support/peers.js';
import { Product } from '../support/product.js';
import { RedisServer } from '../support/redis-server.js';

/** As the chart deploys it: pods of each role that share nothing but PostgreSQL and Redis. */
describePeer('redis-server', 'two API processes and two workers on PostgreSQL and Redis', (binary) => {
  let redis: RedisServer;
  let database: TestDatabase;
  let apis: Product[] = [];
  let workers: Product[] = [];

  beforeAll(async () => {
    [redis, database] = await Promise.all([RedisServer.start(binary('redis-server')), createTestDatabase()]);
    const env = {
      REDIS_URL: redis.url,
      TELEMETRY_HOST_SOURCE_ENABLED: 'false',
      AUTH_JWT_SECRET: 'Kq0v3u1fYw8mVb2sRz6xTn4cJd7gHp5aLe9i',
      QUEUE_LOCK_MS: '2000',
      QUEUE_STALLED_CHECK_MS: '1000',
    };
    const start = (role: 'api' | 'worker'): Promise<Product> =>
      Product.start({ databaseUrl: database.url, role, profile: 'production', env });
    apis = await Promise.all([start('api'), start('api')]);
    workers = await Promise.all([start('worker'), start('worker')]);
    await apis[0]!.login();
  });
  afterAll(async () => {
    await Promise.all([...apis, ...workers].map((product) => product.dispose()));
    await database?.close();
    await redis?.stop();
  });

  it('know the same sessions', async () => {
    const headers = { authorization: apis[0]!.authorization! };
    expect((await apis[1]!.api('GET', 'auth/me', undefined, { headers })).status).toBe(200);
    await apis[0]!.api('POST', 'auth/logout');
    await eventually(
      'the other one knows of the logout',
      async () => (await apis[1]!.api('GET', 'auth/me', undefined, { headers })).status === 401,
      { withinMs: 10_000 },
    );
    await apis[0]!.login();
  });

  it('do the main job although one worker is killed in the middle', async () => {
    await rehearseMainJob(apis[0]!, {
      resolution: 'user',
      meanwhile: async () => void (await workers[0]!.kill9()),
    });
  });

  it('take a worker in again', async () => {
    await workers[0]!.restart();
    await workers[1]!.stop();
    await rehearseMainJob(apis[0]!, { resolution: 'user' });
  });
});
