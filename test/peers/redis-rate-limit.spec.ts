import { Controller, Get } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redisConfig } from '../../src/platform/redis/redis.config.js';
import { bootApplication, testOptions } from '../integration/http/support/application.js';
import { until } from '../integration/queue/harness.js';
import { section, testConfiguration } from '../support/configuration.js';
import { describePeer } from '../support/peers.js';
import { RedisServer } from '../support/redis-server.js';

const LIMIT = 20;

@Controller()
class CountedController {
  @Get('counted')
  counted(): string {
    return 'ok';
  }
}

class RootModule {}

describePeer('redis-server', 'rate limits in Redis', (binary) => {
  let redis: RedisServer;
  let pods: NestFastifyApplication[];

  beforeAll(async () => {
    redis = await RedisServer.start(binary('redis-server'));
    const boot = (): Promise<NestFastifyApplication> =>
      bootApplication(
        {
          module: RootModule,
          imports: [testConfiguration(section(redisConfig, { url: redis.url }))],
          controllers: [CountedController],
        },
        testOptions({ rateLimit: { perAddressPerMinute: LIMIT } }),
      );
    pods = [await boot(), await boot()];
  });

  afterAll(async () => {
    for (const pod of pods) await pod.close();
    await redis.stop();
  });

  const send = async (pod: number): Promise<number> =>
    (await pods[pod]!.inject({ method: 'GET', url: '/api/v1/counted' })).statusCode;

  it('counts what several pods serve together', async () => {
    const statuses = await until(
      async () => [await send(0), await send(1)],
      (pair) => pair.includes(429),
    );
    expect(statuses).toContain(429);
    expect([await send(0), await send(1)]).toEqual([429, 429]);
  });

  it('lets requests through at once while Redis is away', async () => {
    await redis.kill();
    await send(0);
    const started = Date.now();
    for (let request = 0; request < 5; request += 1) expect(await send(1)).toBe(200);
    expect(Date.now() - started).toBeLessThan(1_500);
    await redis.run();
  });
});
