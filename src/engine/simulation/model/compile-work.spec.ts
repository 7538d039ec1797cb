import { describe, expect, it } from 'vitest';
import { compileWork, MAX_P99_TO_MEAN } from './compile-work.js';
import { CannotCompileError } from './compile.errors.js';

/** Abramowitz and Stegun 26.2.17 and published tables: the normal distribution's 99th percentile. */
const Z99 = 2.326347874;

describe('compileWork', () => {
  it.each([
    [0.01, 0.04],
    [0.2, 0.21],
    [1, 14.9],
  ])('solves a log-normal of mean %d and p99 %d', (mean, p99) => {
    const work = compileWork({ kind: 'log-normal', mean, p99 });
    if (work.kind !== 'log-normal') throw new Error(work.kind);
    expect(Math.exp(work.mu + work.sigma ** 2 / 2)).toBeCloseTo(mean, 10);
    expect(Math.exp(work.mu + Z99 * work.sigma)).toBeCloseTo(p99, 6);
    expect(work.scv).toBeCloseTo(Math.exp(work.sigma ** 2) - 1, 10);
    expect(work.sigma).toBeLessThanOrEqual(Z99);
  });

  it('knows the widest log-normal there is', () => {
    expect(MAX_P99_TO_MEAN).toBeCloseTo(14.97, 2);
    expect(compileWork({ kind: 'log-normal', mean: 1, p99: MAX_P99_TO_MEAN })).toMatchObject({ kind: 'log-normal' });
  });

  it.each([
    [1, 15],
    [1, 0.9],
    [0, 1],
    [Number.NaN, 1],
    [1, Number.NaN],
  ])('refuses a log-normal of mean %d and p99 %d', (mean, p99) => {
    expect(() => compileWork({ kind: 'log-normal', mean, p99 })).toThrow(CannotCompileError);
  });

  it('makes a log-normal without spread deterministic', () => {
    expect(compileWork({ kind: 'log-normal', mean: 0.5, p99: 0.5 })).toEqual({
      kind: 'deterministic',
      mean: 0.5,
      scv: 0,
    });
  });

  it('integrates the quantile function of a uniform distribution: mean 1/2, variance 1/12', () => {
    const work = compileWork({ kind: 'empirical', quantiles: [0, 0.25, 0.5, 0.75, 1] });
    expect(work.mean).toBeCloseTo(1 / 2, 12);
    expect(work.scv).toBeCloseTo(1 / 12 / (1 / 4), 12);
  });

  it('integrates half a uniform on [0, 2] and half one on [2, 10]: mean 3.5, E[X^2] = (4/3 + 124/3) / 2', () => {
    const work = compileWork({ kind: 'empirical', quantiles: [0, 2, 10] });
    expect(work.mean).toBeCloseTo(3.5, 12);
    expect(work.scv).toBeCloseTo(128 / 6 / 3.5 ** 2 - 1, 12);
  });

  it.each([[[]], [[1]], [[0, 0]], [[2, 1]], [[-1, 1]], [[0, Infinity]]])('refuses quantiles %j', (quantiles) => {
    expect(() => compileWork({ kind: 'empirical', quantiles })).toThrow(CannotCompileError);
  });
});
