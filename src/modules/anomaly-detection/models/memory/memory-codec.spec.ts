import { describe, expect, it } from 'vitest';
import { createWindowMemory, remember } from '../../../../engine/detection/learned/window-memory.js';
import { CorruptMemoriesError, decodeMemories, encodeMemories, type StoredMemories } from './memory-codec.js';
import { ModelMemories } from './model-memories.js';

function filled(points: number) {
  const memory = createWindowMemory();
  for (let i = 0; i < points; i += 1)
    remember(
      memory,
      Float32Array.from({ length: 16 }, (_, j) => i + j / 16),
      0,
    );
  return memory;
}

const STORED: StoredMemories = {
  takenUntil: Date.UTC(2026, 10, 3),
  models: [
    { modelId: '0a173005-2af7-86b3-b9e7-4eb6a36d25e8', series: [{ seriesId: 7, memory: filled(9) }] },
    {
      modelId: 'other',
      series: [
        { seriesId: 7, memory: filled(200) },
        { seriesId: 1_000_000, memory: filled(0) },
      ],
    },
    { modelId: 'nothing yet', series: [] },
  ],
};

describe('memories of models', () => {
  it('come back as they were written', () => {
    expect(decodeMemories(encodeMemories(STORED))).toEqual(STORED);
  });

  it('are refused where bytes are missing or are something else', () => {
    const bytes = encodeMemories(STORED);
    for (const cut of [3, 20, 40, bytes.length - 1]) {
      expect(() => decodeMemories(bytes.subarray(0, cut)), `${cut}`).toThrow(CorruptMemoriesError);
    }
    expect(() => decodeMemories(Buffer.alloc(100))).toThrow('not memories');
  });

  it('are apart by model and series, and dropped with their model', () => {
    const memories = new ModelMemories();
    const [one, two] = [{}, {}];
    memories.of('a', one).count = 3;
    expect([memories.of('a', two).count, memories.of('b', one).count, memories.of('a', one).count]).toEqual([0, 0, 3]);
    memories.keepOnly(['b']);
    expect([memories.find('a', one), memories.find('b', one)?.count]).toEqual([undefined, 0]);
  });
});
