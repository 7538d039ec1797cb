import { Cache } from './cache.js';

/** What every cache shares: concurrent misses of one key in one process load once. */
export abstract class LoadingCache extends Cache {
  private readonly loading = new Map<string, Promise<unknown>>();

  override async wrap<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const underway = this.loading.get(key);
    if (underway) return underway as Promise<T>;
    const promise = this.lookUpOrLoad(key, ttlMs, load).finally(() => this.loading.delete(key));
    this.loading.set(key, promise);
    return promise;
  }

  private async lookUpOrLoad<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const cached = await this.get<T>(key);
    if (cached !== undefined) return cached;
    const value = await load();
    await this.set(key, value, ttlMs);
    return value;
  }
}
