import { LRUCache } from 'lru-cache';
import { LoadingCache } from './loading-cache.js';

/** Rough cost of an entry beyond its text. */
const OVERHEAD_BYTES = 100;

/** Keeps values as JSON text: what comes out is always a copy, exactly as it would be from Redis. */
export class MemoryCache extends LoadingCache {
  private readonly entries: LRUCache<string, string>;

  constructor(maxBytes: number) {
    super();
    this.entries = new LRUCache<string, string>({
      maxSize: maxBytes,
      sizeCalculation: (text, key) => 2 * (text.length + key.length) + OVERHEAD_BYTES,
    });
  }

  override async get<T>(key: string): Promise<T | undefined> {
    const text = this.entries.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  override async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined || !(ttlMs >= 1)) this.entries.delete(key);
    else this.entries.set(key, text, { ttl: Math.floor(ttlMs) });
  }

  override async add(key: string, value: unknown, ttlMs: number): Promise<boolean> {
    // No await in between: nobody else can come first.
    if (this.entries.has(key)) return false;
    await this.set(key, value, ttlMs);
    return true;
  }

  override async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }
}
