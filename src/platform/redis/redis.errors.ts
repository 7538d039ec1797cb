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
