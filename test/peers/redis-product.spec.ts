import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rehearseMainJob } from '../support/main-job.js';
import { describePeer } from '../support/peers.js';
import { Product } from '../support/product.js';
import { RedisServer } from '../support/redis-server.js';
import { SeriesWriter } from '../support/series-writer.js';

type Checks = Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;

describePeer('redis-server', 'the product with queue and cache in Redis', (binary) => {
  let redis: RedisServer;
  let database: TestDatabase;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    [redis, database] = await Promise.all([RedisServer.start(binary('redis-server')), createTestDatabase()]);
    env = { REDIS_URL: redis.url, TELEMETRY_HOST_SOURCE_ENABLED: 'false' };
  });
  afterAll(async () => {
    await database?.close();
    await redis?.stop();
  });

  describe('in one process with its worker', () => {
    let product: Product;

    beforeAll(async () => {
      product = await Product.start({ databaseUrl: database.url, env });
      await product.login();
    });
    afterAll(() => product?.dispose());

    it('does the main job', async () => {
      await rehearseMainJob(product, { resolution: 'user' });
      const { items } = await product.ok<{ items: { counts: { dead: number } }[] }>('GET', 'queues');
      expect(items.map(({ counts }) => counts.dead)).toEqual(items.map(() => 0));
    });

    it('keeps its jobs in Redis and not in PostgreSQL', async () => {
      expect(await redis.command('KEYS', 'dsim*anomaly-detection-scores*')).not.toHaveLength(0);
      const [row] = await database.query<{ there: boolean }>(`SELECT to_regnamespace('bullmq') IS NOT NULL AS there`);
      expect(row).toEqual({ there: false });
    });

    it('is not ready while Redis is away, takes samples all the same, and recovers by itself', async () => {
      const { id } = await product.ok<{ id: string }>('POST', 'environments', { name: 'Over an outage' });
      const series = [{ labels: [['__name__', 'written_during_the_outage'] as const] }];
      const writer = new SeriesWriter(product.url, await SeriesWriter.token(product, id), series, () => 1);
      await redis.kill();
      const { body } = await eventually('ready turns 503', async () => {
        const answer = await product.health('ready');
        return answer.status === 503 && answer;
      });
      expect((body as { details: Checks }).details['queue']).toMatchObject({ status: 'down' });
      expect((await product.health('live')).status).toBe(200);
      await writer.backfill(10);
      await redis.run();
      await product.ready(30_000);
    });

    it('does the main job again after that', async () => {
      await rehearseMainJob(product, { resolution: 'user' });
    });
  });
});
