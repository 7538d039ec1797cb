/** Small JSON values with a time to live: Redis where REDIS_URL is set, else an in-process LRU. Loss is harmless. */
export abstract class Cache {
  abstract get<T>(key: string): Promise<T | undefined>;
  abstract set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /**
   * Sets the value only where the key has none, in one step; answers whether it did. Of several that try at once, in
   * whichever process, one gets true. Where the cache cannot be reached everybody does: it counts as empty.
   */
  abstract add(key: string, value: unknown, ttlMs: number): Promise<boolean>;
  abstract delete(key: string): Promise<void>;

  /** The cached value, or the loader's result, stored for `ttlMs`. Concurrent misses in one process load once. */
  abstract wrap<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T>;
}
