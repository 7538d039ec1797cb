import { describe, expect, it, vi } from 'vitest';
import { MemoryCache } from './memory-cache.js';

const cache = (): MemoryCache => new MemoryCache(10_000);

describe('MemoryCache', () => {
  it('keeps values, null included, as copies', async () => {
    const memory = cache();
    const value = { list: [1, 2] };
    await memory.set('a', value, 1_000);
    value.list.push(3);
    expect(await memory.get('a')).toEqual({ list: [1, 2] });
    await memory.set('nothing', null, 1_000);
    expect(await memory.get('nothing')).toBeNull();
    await memory.delete('a');
    expect(await memory.get('a')).toBeUndefined();
  });

  it('forgets when the time is over', async () => {
    const memory = cache();
    await memory.set('a', 1, 30);
    await memory.set('never', 1, 0);
    await memory.set('never', 1, Number.NaN);
    expect(await memory.get('never')).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await memory.get('a')).toBeUndefined();
  });

  it('stays within its memory, dropping what was used least recently', async () => {
    const memory = cache();
    for (let index = 0; index < 50; index++) await memory.set(`key-${index}`, 'x'.repeat(500), 60_000);
    expect(await memory.get('key-0')).toBeUndefined();
    expect(await memory.get('key-49')).toBe('x'.repeat(500));
    await memory.set('giant', 'x'.repeat(20_000), 60_000);
    expect(await memory.get('giant')).toBeUndefined();
    expect(await memory.get('key-49')).toBe('x'.repeat(500));
  });

  it('adds only where there is nothing, for one of those who try at once', async () => {
    const memory = cache();
    expect(await Promise.all([memory.add('a', 1, 30), memory.add('a', 2, 30)])).toEqual([true, false]);
    expect(await memory.get('a')).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await memory.add('a', 3, 1_000)).toBe(true);
    await memory.delete('a');
    expect(await memory.add('a', 4, 1_000)).toBe(true);
  });

  it('treats undefined as nothing to keep', async () => {
    const memory = cache();
    await memory.set('a', 1, 1_000);
    await memory.set('a', undefined, 1_000);
    expect(await memory.get('a')).toBeUndefined();
  });

  describe('wrap', () => {
    it('loads once for all who ask at the same time, and then not at all', async () => {
      const memory = cache();
      const load = vi.fn(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { answer: 42 };
      });
      const answers = await Promise.all([1, 2, 3].map(() => memory.wrap('a', 1_000, load)));
      expect(answers).toEqual([{ answer: 42 }, { answer: 42 }, { answer: 42 }]);
      await memory.wrap('a', 1_000, load);
      expect(load).toHaveBeenCalledTimes(1);
    });

    it('passes a failure on and forgets it', async () => {
      const memory = cache();
      await expect(memory.wrap('a', 1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(await memory.wrap('a', 1_000, () => Promise.resolve('yes'))).toBe('yes');
    });
  });
});
