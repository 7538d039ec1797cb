import rateLimit from '@fastify/rate-limit';
import { Inject, Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from './access.js';
import { RateLimitedError } from './http.errors.js';
import { createRedisClient, type RedisClient } from '../redis/redis-client.js';
import { redisConfig, usesRedis, type RedisConfig } from '../redis/redis.config.js';
import { HTTP_OPTIONS, type HttpApplicationOptions } from './http-options.js';

const WINDOW_MS = 60_000;
/** Addresses and principals that are remembered at once; the least recently seen are forgotten. */
const REMEMBERED_KEYS = 10_000;
const REDIS_TIMEOUT_MS = 250;

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;
type Limited = FastifyRequest & { principal?: Principal };

interface Limiters {
  readonly address: Limiter;
  readonly login: Limiter;
  readonly principal: Limiter;
}

/**
 * Counts requests by minute: per address before anybody is identified, per principal after. In Redis where there is
 * one, so that pods count together; if Redis is away requests are let through, because refusing all would be worse.
 */
@Injectable()
export class RateLimiter implements OnApplicationShutdown {
  private limiters: Limiters | undefined;
  private redis: RedisClient | undefined;

  constructor(
    @Inject(HTTP_OPTIONS) private readonly options: HttpApplicationOptions,
    @Optional() @Inject(redisConfig.token) private readonly redisSettings?: RedisConfig,
  ) {}

  async attach(fastify: FastifyInstance): Promise<void> {
    const { rateLimit: limits } = this.options.config;
    if (!limits.enabled || !this.options.context.serves) return;
    const settings = this.redisSettings;
    if (settings && usesRedis(settings)) this.redis = createRedisClient(settings, 'rate-limit', 'hasty');
    await fastify.register(rateLimit, {
      global: false,
      cache: REMEMBERED_KEYS,
      timeWindow: WINDOW_MS,
      skipOnError: true,
      nameSpace: `${settings?.keyPrefix ?? 'dsim'}:rate-limit:`,
      ...(this.redis ? { redis: this.redis } : {}),
    });
    const limiter = (max: number, key: (request: Limited) => string): Limiter =>
      fastify.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator: key });
    this.limiters = {
      address: limiter(limits.perAddressPerMinute, (request) => `address:${request.ip}`),
      login: limiter(limits.loginPerMinute, (request) => `login:${request.ip}`),
      principal: limiter(
        limits.perPrincipalPerMinute,
        ({ principal }) => `principal:${principal?.kind ?? 'none'}:${principal?.id ?? ''}`,
      ),
    };
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  /** Throws `http.rate_limited`. */
  async count(request: FastifyRequest, by: keyof Limiters): Promise<void> {
    const limiter = this.limiters?.[by];
    if (!limiter || (this.redis && this.redis.status !== 'ready')) return;
    const result = this.redis ? await inTime(limiter(request)) : await limiter(request);
    if (result && !result.isAllowed && result.isExceeded) {
      throw new RateLimitedError(result.max, Math.max(1, result.ttlInSeconds));
    }
  }
}

/** Undefined where Redis hangs: a request must not wait for being counted. */
async function inTime<T>(counted: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), REDIS_TIMEOUT_MS);
  });
  counted.catch(() => undefined);
  try {
    return await Promise.race([counted, late]);
  } finally {
    clearTimeout(timer);
  }
}
