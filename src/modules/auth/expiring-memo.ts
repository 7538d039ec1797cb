import { LRUCache } from 'lru-cache';

/**
 * Remembers the outcome of a slow look-up for a short time. Callers that ask for the same key at once share one
 * look-up; one that fails is forgotten.
 */
export class ExpiringMemo<T> {
  private readonly entries: LRUCache<string, { readonly value: Promise<T> }> | undefined;

  constructor(maxEntries: number, ttlMs: number) {
    this.entries = ttlMs > 0 ? new LRUCache({ max: maxEntries, ttl: ttlMs }) : undefined;
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    if (!this.entries) return load();
    const known = this.entries.get(key);
    if (known) return known.value;
    const entry = { value: load() };
    this.entries.set(key, entry);
    entry.value.catch(() => {
      if (this.entries?.peek(key) === entry) this.entries.delete(key);
    });
    return entry.value;
  }

  clear(): void {
    this.entries?.clear();
  }
}
