import { describe, expect, it } from 'vitest';
import { garwood, wilson } from './intervals.js';

describe('the interval of a proportion', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score): 81/263, 15/148, 0/20, 1/29.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is that of Wilson', (hits, of, low, high) => {
    const estimate = wilson(hits, of);
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
    expect(estimate.value).toBe(hits / of);
  });

  it('says nothing of nothing', () => {
    expect(wilson(0, 0)).toEqual({ value: null, low: null, high: null });
  });
});

describe('the interval of a rate', () => {
  // Ulm, American Journal of Epidemiology 131 (1990), table 1: exact limits of a Poisson count.
  it.each([
    [0, 0, 3.689],
    [1, 0.025, 5.572],
    [2, 0.242, 7.225],
    [5, 1.623, 11.668],
    [10, 4.795, 18.39],
    [100, 81.36, 121.63],
  ])('of %d events is that of Garwood', (count, low, high) => {
    const estimate = garwood(count, 1);
    expect(estimate.low).toBeCloseTo(low, 2);
    expect(estimate.high).toBeCloseTo(high, 2);
  });

  it('is that of the count, by the exposure', () => {
    const { value, low, high } = garwood(5, 10);
    expect([value, low, high].map((each) => Number(each!.toFixed(4)))).toEqual([0.5, 0.1623, 1.1668]);
    expect(garwood(5, 0).value).toBeNull();
  });
});
