import { describe, expect, it, vi } from 'vitest';
import { ExpiringMemo } from './expiring-memo.js';

describe('ExpiringMemo', () => {
  it('looks up once for callers that come together and for those after', async () => {
    const memo = new ExpiringMemo<number>(10, 60_000);
    const load = vi.fn(() => Promise.resolve(7));
    expect(await Promise.all([memo.get('a', load), memo.get('a', load)])).toEqual([7, 7]);
    expect(await memo.get('a', load)).toBe(7);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('remembers that there is nothing', async () => {
    const memo = new ExpiringMemo<number | undefined>(10, 60_000);
    const load = vi.fn(() => Promise.resolve(undefined));
    await memo.get('a', load);
    await memo.get('a', load);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('forgets a failure', async () => {
    const memo = new ExpiringMemo<number>(10, 60_000);
    await expect(memo.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await memo.get('a', () => Promise.resolve(1))).toBe(1);
  });

  it('forgets when told, also what is still being looked up', async () => {
    const memo = new ExpiringMemo<number>(10, 60_000);
    let finish: (value: number) => void = () => undefined;
    const first = memo.get('a', () => new Promise<number>((resolve) => (finish = resolve)));
    memo.clear();
    const second = memo.get('a', () => Promise.resolve(2));
    finish(1);
    expect(await first).toBe(1);
    expect(await second).toBe(2);
    expect(await memo.get('a', () => Promise.resolve(3))).toBe(2);
  });

  it('remembers nothing with a time to live of zero', async () => {
    const memo = new ExpiringMemo<number>(10, 0);
    const load = vi.fn(() => Promise.resolve(7));
    await memo.get('a', load);
    await memo.get('a', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('forgets by itself', async () => {
    const memo = new ExpiringMemo<number>(10, 20);
    await memo.get('a', () => Promise.resolve(1));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await memo.get('a', () => Promise.resolve(2))).toBe(2);
  });
});
