import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheConfig } from '../../src/platform/cache/cache.config.js';
import { Cache } from '../../src/platform/cache/cache.js';
import { CacheModule } from '../../src/platform/cache/cache.module.js';
import { redisConfig } from '../../src/platform/redis/redis.config.js';
import { until } from '../integration/queue/harness.js';
import { section, testConfiguration } from '../support/configuration.js';
import { describePeer } from '../support/peers.js';
import { testLogger } from '../support/platform.js';
import { RedisServer } from '../support/redis-server.js';

describePeer('redis-server', 'cache in Redis', (binary) => {
  let redis: RedisServer;
  let app: TestingModule;
  let cache: Cache;

  beforeAll(async () => {
    redis = await RedisServer.start(binary('redis-server'));
    app = await Test.createTestingModule({
      imports: [
        testConfiguration(section(redisConfig, { url: redis.url }), section(cacheConfig, {})),
        CacheModule.forRoot(),
      ],
    })
      .setLogger(testLogger())
      .compile();
    await app.init();
    cache = app.get(Cache);
    await until(
      async () => (await cache.set('ready', 1, 1_000), cache.get('ready')),
      (value) => value === 1,
    );
  });

  afterAll(async () => {
    await app.close();
    await redis.stop();
  });

  it('keeps, expires and deletes', async () => {
    await cache.set('a', { list: [1] }, 60_000);
    await cache.set('short', 1, 30);
    expect(await cache.get('a')).toEqual({ list: [1] });
    await cache.delete('a');
    expect(await cache.get('a')).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await cache.get('short')).toBeUndefined();
  });

  it('adds only where there is nothing, for one of those who try at once', async () => {
    const tries = await Promise.all([1, 2, 3].map((value) => cache.add('once', value, 60_000)));
    expect(tries).toEqual([true, false, false]);
    expect(await cache.get('once')).toBe(1);
    await cache.add('brief', 1, 30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await cache.add('brief', 2, 60_000)).toBe(true);
  });

  it('is empty while Redis is away, without making anybody wait, and works again afterwards', async () => {
    await redis.kill();
    const started = Date.now();
    await cache.set('b', 1, 60_000);
    expect(await cache.add('b', 1, 60_000)).toBe(true);
    expect(await cache.get('b')).toBeUndefined();
    expect(await cache.wrap('b', 60_000, () => Promise.resolve('computed'))).toBe('computed');
    await cache.delete('b');
    expect(Date.now() - started).toBeLessThan(1_500);
    await redis.run();
    await until(
      async () => (await cache.set('c', 2, 60_000), cache.get('c')),
      (value) => value === 2,
    );
  });
});
