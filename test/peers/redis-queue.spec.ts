import { afterAll, beforeAll } from 'vitest';
import { queueSuite } from '../integration/queue/queue-suite.js';
import { describePeer } from '../support/peers.js';
import { RedisServer } from '../support/redis-server.js';

describePeer('redis-server', 'queue on Redis', (binary) => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start(binary('redis-server'));
  });
  afterAll(() => redis.stop());
  queueSuite(() => ({ redisUrl: redis.url }));
});
