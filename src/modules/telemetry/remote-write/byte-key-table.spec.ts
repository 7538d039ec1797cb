import { describe, expect, it } from 'vitest';
import { ByteKeyTable } from './byte-key-table.js';

const bytesOf = (text: string) => new DataView(new TextEncoder().encode(`--${text}`).buffer);
const put = (table: ByteKeyTable, text: string, value: number) => {
  const view = bytesOf(text);
  table.set(view, 2, view.byteLength, value);
};
const get = (table: ByteKeyTable, text: string) => {
  const view = bytesOf(text);
  return table.find(view, 2, view.byteLength);
};

describe('ByteKeyTable', () => {
  it('tells keys apart, whatever their length, and grows', () => {
    const table = new ByteKeyTable(100_000);
    for (let i = 0; i < 20_000; i++) put(table, `key-${i}`.repeat(1 + (i % 5)), i);
    put(table, '', 7);
    for (let i = 0; i < 20_000; i++) expect(get(table, `key-${i}`.repeat(1 + (i % 5)))).toBe(i);
    expect(get(table, '')).toBe(7);
    expect(get(table, 'key-20000')).toBe(-1);
    expect(table.size).toBe(20_001);
  });

  it('replaces a value', () => {
    const table = new ByteKeyTable(10);
    put(table, 'a', 1);
    put(table, 'a', 2);
    expect(get(table, 'a')).toBe(2);
    expect(table.size).toBe(1);
  });

  it('stays bounded and keeps the keys in use', () => {
    const table = new ByteKeyTable(100);
    put(table, 'in use', 42);
    for (let i = 0; i < 10_000; i++) {
      put(table, `passing-${i}`, i);
      if (i % 50 === 0) expect(get(table, 'in use')).toBe(42);
      expect(table.size).toBeLessThanOrEqual(200);
    }
    expect(get(table, 'passing-1')).toBe(-1);
    expect(get(table, 'passing-9950')).toBe(9950);
  });

  it('bounds the bytes of keys too', () => {
    const table = new ByteKeyTable(1000, 1000);
    for (let i = 0; i < 100; i++) put(table, `${i}`.padEnd(100, 'x'), i);
    expect(table.size).toBeLessThanOrEqual(20);
    put(table, 'y'.repeat(1001), 1);
    expect(get(table, 'y'.repeat(1001))).toBe(-1);
  });

  it('forgets on clear', () => {
    const table = new ByteKeyTable(10);
    put(table, 'a', 1);
    table.clear();
    expect(get(table, 'a')).toBe(-1);
  });
});
