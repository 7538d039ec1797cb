import { describe, expect, it } from 'vitest';
import { NO_CARRY, resample, type ResampleCarry } from './resample.js';

const GRID = { first: 10_000, stepMs: 10_000, count: 3 };

function window(...samples: readonly (readonly [number, number])[]) {
  return { times: Float64Array.from(samples, ([t]) => t), values: Float64Array.from(samples, ([, v]) => v) };
}

function gauge(...samples: readonly (readonly [number, number])[]): number[] {
  return [...resample(window(...samples), GRID, 'raw', NO_CARRY).values];
}

describe('resample', () => {
  it('takes the mean of a gauge; a tick is half-open', () => {
    expect(gauge([0, 1], [5_000, 3], [10_000, 7], [20_000, 9])).toEqual([2, 7, 9]);
  });

  it('leaves gaps as NaN, never as zero', () => {
    expect(gauge([5_000, 3], [25_000, 4])).toEqual([3, NaN, 4]);
    expect(gauge()).toEqual([NaN, NaN, NaN]);
    expect([...resample(undefined, GRID, 'per_second', NO_CARRY).values]).toEqual([NaN, NaN, NaN]);
  });

  it('skips not-a-number and infinities', () => {
    expect(gauge([0, NaN], [1_000, 4], [11_000, Infinity], [21_000, -Infinity], [22_000, 5])).toEqual([4, NaN, 5]);
  });

  it('ignores samples outside the grid', () => {
    expect(gauge([-5_000, 100], [5_000, 1], [35_000, 100])).toEqual([1, NaN, NaN]);
  });

  it('turns a counter into a rate per second', () => {
    const { values } = resample(
      window([0, 100], [5_000, 110], [15_000, 130], [25_000, 130]),
      GRID,
      'per_second',
      NO_CARRY,
    );
    expect([...values]).toEqual([2, 2, 0]);
  });

  it('takes a drop for a restart from zero', () => {
    const { values } = resample(
      window([0, 100], [5_000, 110], [15_000, 20], [25_000, 30]),
      GRID,
      'per_second',
      NO_CARRY,
    );
    expect([...values]).toEqual([2, 2, 1]);
  });

  it('goes on where the last call ended', () => {
    const first = resample(window([0, 100], [5_000, 110]), { ...GRID, count: 1 }, 'per_second', NO_CARRY);
    const second = resample(window([15_000, 130]), { ...GRID, first: 20_000, count: 1 }, 'per_second', first.carry);
    expect([...second.values]).toEqual([2]);
    const again = resample(
      window([5_000, 110], [15_000, 130]),
      { ...GRID, first: 20_000, count: 1 },
      'per_second',
      first.carry,
    );
    expect([...again.values]).toEqual([2]);
  });

  it('makes no rate across an outage', () => {
    const carry: ResampleCarry = { time: 0, value: 100, intervalMs: 10_000 };
    const { values } = resample(
      window([105_000, 9_000], [115_000, 9_010]),
      { first: 110_000, stepMs: 10_000, count: 2 },
      'per_second',
      carry,
    );
    expect([...values]).toEqual([NaN, 1]);
  });

  it('follows the rhythm of a source that is slower than the tick', () => {
    const samples = Array.from({ length: 20 }, (_, i) => [i * 300_000, i * 300] as const);
    const { values, carry } = resample(
      window(...samples),
      { first: 10_000, stepMs: 10_000, count: 600 },
      'per_second',
      NO_CARRY,
    );
    expect(carry.intervalMs).toBeCloseTo(300_000, -3);
    expect(values.filter((value) => value === 1)).toHaveLength(18);
    expect(values.filter((value) => !Number.isNaN(value) && value !== 1)).toHaveLength(0);
  });
});
