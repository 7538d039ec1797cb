import { describe, expect, it } from 'vitest';
import type { SampleBatch } from '../../../../kernel/time-series.js';
import { decodeBlock, encodeBlock, findSeries } from './block-codec.js';
import { CorruptTelemetryError } from './codec.errors.js';

const START = 1_795_219_200_000;
const batch = (rows: readonly (readonly [id: number, time: number, value: number])[]): SampleBatch => ({
  seriesIds: Int32Array.from(rows, (row) => row[0]),
  times: Float64Array.from(rows, (row) => row[1]),
  values: Float64Array.from(rows, (row) => row[2]),
});
const rowsOf = ({ seriesIds, times, values }: SampleBatch) =>
  [...seriesIds].map((id, i) => [id, times[i]!, values[i]!] as const);

describe('block codec', () => {
  it('sorts by series, then time, and keeps equal times in the order given', () => {
    const block = encodeBlock(
      batch([
        [7, START, 1],
        [3, START + 5, 2],
        [7, START - 5, 3],
        [3, START + 5, 4],
        [2_000_000_000, 0, 5],
        [0, -1, 6],
      ]),
    );
    expect(rowsOf(decodeBlock(block))).toEqual([
      [0, -1, 6],
      [3, START + 5, 2],
      [3, START + 5, 4],
      [7, START - 5, 3],
      [7, START, 1],
      [2_000_000_000, 0, 5],
    ]);
  });

  it.each([0, 1, 2, 5000])('gives back %d samples of any order', (count) => {
    const rows = Array.from(
      { length: count },
      (_, i) => [(i * 7919) % 1237, START + ((i * 31) % 997) - 500, Math.sin(i)] as const,
    );
    const expected = rows
      .map((row, i) => ({ row, i }))
      .sort((a, b) => a.row[0] - b.row[0] || a.row[1] - b.row[1] || a.i - b.i);
    expect(rowsOf(decodeBlock(encodeBlock(batch(rows))))).toEqual(expected.map(({ row }) => row));
  });

  it.each([[false], [true]])('keeps every bit of the values (sorted before: %s)', (sorted) => {
    const patterns = BigUint64Array.from([
      0x7ff0000000000002n,
      0x7ff8dead0000beefn,
      0x8000000000000000n,
      1n,
      0xfff0000000000000n,
    ]);
    const values = new Float64Array(patterns.buffer);
    const seriesIds = Int32Array.from(sorted ? [1, 2, 3, 4, 5] : [5, 4, 3, 2, 1]);
    const back = decodeBlock(encodeBlock({ seriesIds, times: new Float64Array(5).fill(START), values }));
    const words = [...new BigUint64Array(back.values.buffer)];
    expect(sorted ? words : words.reverse()).toEqual([...patterns]);
  });

  it('takes about ten bytes for a sample of a scrape', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => [500 + i, START, i / 3] as const);
    expect(encodeBlock(batch(rows)).length / 2000).toBeLessThan(11.1);
  });

  it('reads a block that lies anywhere in memory', () => {
    const block = encodeBlock(
      batch([
        [1, START, 1.5],
        [2, START, 2.5],
      ]),
    );
    const shifted = Buffer.alloc(block.length + 3);
    shifted.set(block, 3);
    expect(rowsOf(decodeBlock(shifted.subarray(3)))).toEqual([
      [1, START, 1.5],
      [2, START, 2.5],
    ]);
  });

  it('finds only the series asked for', () => {
    const rows = Array.from({ length: 300 }, (_, i) => [(i % 50) * 3, START + i * 7, i] as const);
    const block = encodeBlock(batch(rows));
    const all = rowsOf(decodeBlock(block));
    for (const wanted of [[], [0], [147], [1, 2, 4], [0, 3, 4, 60, 147, 1000], [-5, 6]]) {
      expect(rowsOf(findSeries(block, Int32Array.from(wanted)))).toEqual(all.filter(([id]) => wanted.includes(id)));
    }
    expect(rowsOf(findSeries(encodeBlock(batch([])), Int32Array.of(1)))).toEqual([]);
  });

  it('sorts 100,000 descending times of one series quickly enough to be no attack', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => [1, START - i, i] as const);
    expect(decodeBlock(encodeBlock(batch(rows))).times[0]).toBe(START - 99_999);
  });

  it.each([
    ['a negative id', batch([[-1, START, 1]])],
    ['a time that is no integer', batch([[1, 0.5, 1]])],
    ['a time that is NaN', batch([[1, NaN, 1]])],
    ['a time out of range', batch([[1, 2 ** 50, 1]])],
    ['columns of different length', { ...batch([[1, START, 1]]), times: new Float64Array(2) }],
  ])('refuses %s', (_name, bad) => {
    expect(() => encodeBlock(bad)).toThrow(RangeError);
  });

  it('notices every flipped bit and every cut', () => {
    const block = encodeBlock(batch(Array.from({ length: 20 }, (_, i) => [i, START + i, i] as const)));
    for (let bit = 0; bit < block.length * 8; bit++) {
      const damaged = Buffer.from(block);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeBlock(damaged)).toThrow(CorruptTelemetryError);
    }
    for (let cut = 0; cut < block.length; cut++)
      expect(() => findSeries(block.subarray(0, cut), Int32Array.of(1))).toThrow(CorruptTelemetryError);
  });
});
