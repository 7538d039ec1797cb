import { DomainError } from '../../kernel/errors.js';

export class RedisUnreachable extends DomainError {
  constructor(address: string, cause: unknown) {
    super({
      code: 'redis.unreachable',
      kind: 'unavailable',
      message:
        `Redis at ${address} did not answer (${cause instanceof Error ? cause.message : String(cause)}). ` +
        'Check that it runs and that REDIS_URL is right, or unset REDIS_URL to use PostgreSQL.',
      cause,
    });
  }
}

export class RedisAddressMissing extends DomainError {
  constructor(setting: string) {
    super({
      code: 'redis.address_missing',
      kind: 'internal',
      message: `${setting} is "redis", but no Redis is configured. Set REDIS_URL, or REDIS_SENTINELS or REDIS_CLUSTER_NODES.`,
    });
  }
}
