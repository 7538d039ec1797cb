import { Logger } from '@nestjs/common';
import type { RedisClient } from '../redis/redis-client.js';
import { LoadingCache } from './loading-cache.js';

const WARN_EVERY_MS = 60_000;

/** Whatever Redis does, callers only ever see values and misses. */
export class RedisCache extends LoadingCache {
  private readonly logger = new Logger('Cache');
  private quietUntil = 0;

  constructor(
    private readonly client: RedisClient,
    private readonly prefix: string,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  override async get<T>(key: string): Promise<T | undefined> {
    const text = await this.attempt(() => this.client.get(this.prefix + key));
    if (text === null || text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      return undefined;
    }
  }

  override async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined || !(ttlMs >= 1)) await this.delete(key);
    else await this.attempt(() => this.client.set(this.prefix + key, text, 'PX', Math.floor(ttlMs)));
  }

  override async add(key: string, value: unknown, ttlMs: number): Promise<boolean> {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined || !(ttlMs >= 1)) return (await this.get(key)) === undefined;
    // null: there is one already; undefined: no answer.
    return (await this.attempt(() => this.client.set(this.prefix + key, text, 'PX', Math.floor(ttlMs), 'NX'))) !== null;
  }

  override async delete(key: string): Promise<void> {
    await this.attempt(() => this.client.del(this.prefix + key));
  }

  private async attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    // A command that waits for a connection would pile up behind the others.
    if (this.client.status !== 'ready') return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    const work = command();
    work.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      this.warn(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  private warn(error: unknown): void {
    if (Date.now() < this.quietUntil) return;
    this.quietUntil = Date.now() + WARN_EVERY_MS;
    this.logger.warn({
      msg: 'the cache counts as empty: Redis fails',
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
