import { describe, expect, it } from 'vitest';
import { createWindowMemory, remember } from './window-memory.js';

const embedding = (value: number) => new Float32Array(32).fill(value);

describe('window memory', () => {
  it('keeps one embedding in four until it is full', () => {
    const memory = createWindowMemory();
    for (let i = 1; i <= 63; i += 1) remember(memory, embedding(i), 1);
    expect(memory.count).toBe(15);
    remember(memory, embedding(64), 1);
    expect(memory.count).toBe(16);
    expect([memory.rows[0], memory.rows[255]]).toEqual([4, 64]);
  });

  it('replaces the oldest afterwards, one in 64', () => {
    const memory = createWindowMemory();
    for (let i = 1; i <= 64 + 64; i += 1) remember(memory, embedding(i), 0);
    expect(memory.count).toBe(16);
    expect([memory.rows[0], memory.rows[16]]).toEqual([128, 8]);
  });

  it('takes the row of the series from a batch', () => {
    const memory = createWindowMemory();
    const batch = Float32Array.from({ length: 48 }, (_, i) => i);
    for (let i = 0; i < 4; i += 1) remember(memory, batch, 2);
    expect([...memory.rows.subarray(0, 16)]).toEqual(Array.from({ length: 16 }, (_, i) => 32 + i));
  });
});
