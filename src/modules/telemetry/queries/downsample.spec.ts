import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.js';

function window(values: number[], step = 1_000) {
  return { times: Float64Array.from(values, (_, i) => i * step), values: Float64Array.from(values) };
}

describe('downsample', () => {
  it('leaves short windows alone', () => {
    const short = window([1, 2, 3, 4]);
    expect(downsample(short, 4)).toMatchObject({ downsampled: false, times: short.times });
    expect(downsample(window([]), 4).times).toHaveLength(0);
  });

  it.each([4, 5, 10, 99, 500])('gives at most %i points in ascending order, first and last among them', (maxPoints) => {
    const long = window(Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 50) * (i % 7)));
    const { times, values, downsampled } = downsample(long, maxPoints);
    expect(downsampled).toBe(true);
    expect(times.length).toBeLessThanOrEqual(maxPoints);
    expect(values).toHaveLength(times.length);
    expect(times[0]).toBe(0);
    expect(times.at(-1)).toBe(9_999_000);
    expect(new Set(times).size).toBe(times.length);
    expect([...times].every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true);
    expect(Math.max(...values)).toBe(Math.max(...long.values));
    expect(Math.min(...values)).toBe(Math.min(...long.values));
    [...times].forEach((time, i) => expect(values[i]).toBe(long.values[time / 1_000]));
  });

  it('keeps the extremes of every interval, not only of the whole', () => {
    const long = window(Array.from({ length: 1_000 }, (_, i) => (i % 100 === 50 ? 5 : i % 100 === 60 ? -5 : 0)));
    const { values } = downsample(long, 22);
    expect([...values].filter((value) => value === 5)).toHaveLength(10);
    expect([...values].filter((value) => value === -5)).toHaveLength(10);
  });

  it('passes over NaN, and keeps one where there is nothing else', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i < 50 ? NaN : i));
    const result = downsample(window(values), 10);
    expect(result.values.some((value) => Number.isNaN(value))).toBe(true);
    expect(result.values).toContain(99);
    expect(result.values).toContain(50);
    expect(downsample(window(new Array<number>(100).fill(NaN)), 10).values.every(Number.isNaN)).toBe(true);
  });

  it('copes with samples that lie in one place', () => {
    const times = Float64Array.from({ length: 100 }, (_, i) => (i === 99 ? 1e12 : i));
    const { times: kept } = downsample({ times, values: times }, 10);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.at(-1)).toBe(1e12);
  });
});
