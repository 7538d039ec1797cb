import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { createRedisClient, type RedisClient } from '../redis/redis-client.js';
import { redisConfig, usesRedis, type RedisConfig } from '../redis/redis.config.js';
import { RedisAddressMissing } from '../redis/redis.errors.js';
import { cacheConfig, type CacheConfig } from './cache.config.js';
import { Cache } from './cache.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';

const CACHE_CLIENT = Symbol('redis client of the cache');
const MEGABYTE = 1024 * 1024;

@Injectable()
class CacheClientCloser implements OnApplicationShutdown {
  constructor(@Inject(CACHE_CLIENT) private readonly client: RedisClient | null) {}

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}

@Module({})
export class CacheModule {
  static forRoot(): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: CACHE_CLIENT,
          inject: [cacheConfig.token, redisConfig.token],
          useFactory: connect,
        },
        {
          provide: Cache,
          inject: [CACHE_CLIENT, cacheConfig.token, redisConfig.token],
          useFactory: (client: RedisClient | null, cache: CacheConfig, redis: RedisConfig) =>
            client
              ? new RedisCache(client, `${redis.keyPrefix}:cache:`, cache.commandTimeoutMs)
              : new MemoryCache(cache.maxMemoryMb * MEGABYTE),
        },
        CacheClientCloser,
      ],
      exports: [Cache],
    };
  }
}

function connect(cache: CacheConfig, redis: RedisConfig): RedisClient | null {
  if (cache.backend === 'redis' && !usesRedis(redis)) throw new RedisAddressMissing('cache.backend');
  return cache.backend !== 'memory' && usesRedis(redis) ? createRedisClient(redis, 'cache', 'hasty') : null;
}
