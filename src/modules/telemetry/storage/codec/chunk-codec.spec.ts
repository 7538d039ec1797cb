import { describe, expect, it } from 'vitest';
import { chunkSampleCount, decodeChunk, encodeChunk } from './chunk-codec.js';
import { CorruptTelemetryError } from './codec.errors.js';

const START = 1_795_219_200_000;
const bitsOf = (numbers: Float64Array) => [...new BigUint64Array(numbers.slice().buffer)];
const steps = (count: number, step = 15_000) => Float64Array.from({ length: count }, (_, i) => START + i * step);

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

function expectLossless(times: Float64Array, values: Float64Array): Buffer {
  const chunk = encodeChunk(times, values);
  const back = decodeChunk(chunk);
  expect(bitsOf(back.times)).toEqual(bitsOf(times));
  expect(bitsOf(back.values)).toEqual(bitsOf(values));
  expect(chunkSampleCount(chunk)).toBe(times.length);
  return chunk;
}

describe('chunk codec', () => {
  it.each([0, 1, 2, 3, 31, 32, 33, 64, 240, 100_000])('keeps %d samples of an integer counter', (count) => {
    const next = random(count);
    let value = 1e9;
    const values = Float64Array.from({ length: count }, () => (value += Math.floor(next() * 500)));
    const chunk = expectLossless(steps(count), values);
    if (count >= 240) expect(chunk.length / count).toBeLessThan(1.5);
  });

  it('keeps every special bit pattern', () => {
    const patterns = BigUint64Array.from([
      0x7ff8000000000000n,
      0x7ff0000000000002n,
      0x7ff8dead0000beefn,
      0xfff0000000000001n,
      0x8000000000000000n,
      0n,
      1n,
      0x000fffffffffffffn,
      0x7ff0000000000000n,
      0xfff0000000000000n,
      0x7fefffffffffffffn,
      0xffffffffffffffffn,
      0x3ff0000000000000n,
    ]);
    const values = new Float64Array(patterns.buffer);
    expectLossless(steps(values.length), values);
    for (const pattern of patterns) {
      expectLossless(steps(3), new Float64Array(BigUint64Array.of(pattern, pattern, pattern).buffer));
      expectLossless(
        steps(3),
        new Float64Array(BigUint64Array.of(0x3ff0000000000000n, pattern, 0x4000000000000000n).buffer),
      );
    }
  });

  it.each([
    ['-0 among zeros', [0, -0, 0]],
    ['large integers', [2 ** 53, 2 ** 53 - 1, -(2 ** 53)]],
    ['integers just inside the decimal range', [2 ** 51 - 1, 2 ** 51 - 2, 2 ** 51 - 5]],
    ['differences beyond 32 bits', [0, 2 ** 33, 5]],
    ['differences of exactly 32 bits', [0, 2 ** 32 - 1, 7]],
    ['steps of 30 bits either way', [0, 2 ** 30 - 1, -1, 2 ** 30, -(2 ** 31), 2 ** 31]],
    ['two decimals', [0.01, 0.07, 1.1, 99.99, -3.3]],
    ['ten decimals', [0.0000000001, 0.5, 12345.0000000003]],
    ['no short decimals', [Math.PI, Math.E, 1 / 3, 1e-300, 1e300]],
    ['float32 scores', [Math.fround(0.1), Math.fround(0.7), Math.fround(1e-20)]],
  ])('keeps %s', (_name, numbers) => {
    expectLossless(steps(numbers.length), Float64Array.from(numbers));
    const long = Float64Array.from({ length: 500 }, (_, i) => numbers[(i * 7) % numbers.length]!);
    expectLossless(steps(500), long);
  });

  it.each([
    ['jittered', [0, 15_002, 29_999, 45_000, 60_003]],
    ['negative and equal', [-5, -5, 0, 0, 3]],
    ['descending', [5, 4, 3, -100]],
    ['far apart', [-(2 ** 53), 2 ** 53, 0]],
    ['dates at both ends', [-8.64e15, 8.64e15, 0]],
    ['no integers', [0.5, NaN, -0, Infinity]],
    ['extreme steps', [-(2 ** 48) + 1, 2 ** 48 - 1, -(2 ** 48) + 1, 0]],
  ])('keeps %s times', (_name, times) => {
    expectLossless(
      Float64Array.from(times),
      Float64Array.from(times, (_, i) => i),
    );
  });

  it('packs a part of larger columns', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i * i);
    const back = decodeChunk(encodeChunk(steps(100), values, 20, 50));
    expect([...back.values]).toEqual([...values.subarray(20, 50)]);
    expect([...back.times]).toEqual([...steps(100).subarray(20, 50)]);
    expect(() => encodeChunk(steps(5), values, 2, 6)).toThrow(RangeError);
  });

  it('packs the usual kinds tightly, one hour at 15 s', () => {
    const next = random(3);
    const bytesPerSample = (make: (i: number) => number) =>
      expectLossless(
        steps(240),
        Float64Array.from({ length: 240 }, (_, i) => make(i)),
      ).length / 240;
    let seconds = 5000;
    expect(bytesPerSample(() => 42.5)).toBeLessThan(0.1);
    expect(bytesPerSample(() => Number((seconds += next() * 15).toFixed(2)))).toBeLessThan(1.8);
    expect(bytesPerSample(() => Number((50 + next() * 10).toFixed(2)))).toBeLessThan(1.6);
    expect(bytesPerSample(() => 8e9 + Math.floor(next() * 1000) * 4096)).toBeLessThan(1.6);
    expect(bytesPerSample(() => Math.fround(next()))).toBeLessThan(4.2);
    expect(bytesPerSample(() => next() + next())).toBeLessThan(8.3);
  });

  it('is lossless on random bit patterns of all kinds', () => {
    const next = random(99);
    for (let round = 0; round < 400; round++) {
      const count = 1 + Math.floor(next() * 90);
      const kind = round % 4;
      const values = new Float64Array(count);
      const words = new Uint32Array(values.buffer);
      for (let i = 0; i < count; i++) {
        if (kind === 0) words.set([next() * 2 ** 32, next() * 2 ** 32], 2 * i);
        else if (kind === 1) values[i] = Math.round(next() * 1e6) / 10 ** Math.floor(next() * 8);
        else if (kind === 2) words.set([next() < 0.5 ? 0 : next() * 2 ** 32, 0x40590000 + next() * 8], 2 * i);
        else values[i] = next() < 0.9 ? 1 : next();
      }
      const times = Float64Array.from({ length: count }, () => Math.floor((next() - 0.5) * 2 ** (1 + next() * 50)));
      expectLossless(times, values);
    }
  });

  it('refuses damaged chunks with a typed error, whatever the damage', () => {
    expect(() => decodeChunk(Buffer.alloc(0))).toThrow(CorruptTelemetryError);
    expect(() => decodeChunk(Buffer.from([9, 0, 0]))).toThrow(/version 9/);
    expect(() => decodeChunk(Buffer.from([1, 0x0f, 1, 0, 0]))).toThrow(/packing 15/);
    expect(() => decodeChunk(Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]))).toThrow(/claims/);
    const next = random(5);
    const chunks = [
      encodeChunk(steps(50), Float64Array.from({ length: 50 }, next)),
      encodeChunk(
        steps(50),
        Float64Array.from({ length: 50 }, (_, i) => i * i),
      ),
      encodeChunk(
        steps(50),
        Float64Array.from({ length: 50 }, (_, i) => i % 7),
      ),
      encodeChunk(Float64Array.of(NaN, 1), Float64Array.of(1, 1)),
    ];
    for (const chunk of chunks) {
      for (let cut = 0; cut < chunk.length; cut++)
        expect(() => decodeChunk(chunk.subarray(0, cut))).toThrow(CorruptTelemetryError);
      for (let i = 0; i < 5000; i++) {
        const damaged = Buffer.from(chunk);
        damaged[Math.floor(next() * damaged.length)]! ^= 1 << Math.floor(next() * 8);
        try {
          decodeChunk(damaged);
        } catch (error) {
          if (!(error instanceof CorruptTelemetryError)) throw error;
        }
      }
    }
  });
});
