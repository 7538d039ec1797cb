import { describe, expect, it } from 'vitest';
import { resample, sparkline } from './sparkline.js';

describe('sparkline', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], undefined, undefined, '▁▂▃▄▅▆▇█'],
    [[7, 0], undefined, undefined, '█▁'],
    [[5, 5, 5], undefined, undefined, '▁▁▁'],
    [[5, 5, 5], 0, undefined, '███'],
    [[0, null, 8], undefined, undefined, '▁ █'],
    [[null, null], undefined, undefined, '  '],
    [[1, 2], 0, 8, '▂▃'],
    [[-5, 20], 0, 8, '▁█'],
    [[], undefined, undefined, ''],
  ])('%j from %s to %s', (values, low, high, line) => {
    expect(sparkline(values, low, high)).toBe(line);
  });
});

describe('resample', () => {
  it('takes the mean or the largest of what falls on a character', () => {
    expect(resample([1, 3, 5, 7], 2, 'mean')).toEqual([2, 6]);
    expect(resample([1, 3, 5, 7], 2, 'max')).toEqual([3, 7]);
  });

  it('uses every value once, also where they do not divide evenly', () => {
    const shares = resample([1, 2, 3, 4, 5, 6, 7], 3, 'mean');
    expect(shares).toEqual([1.5, 3.5, 6]);
  });

  it('leaves few values as they are, and ignores unknown ones', () => {
    expect(resample([1, null, 3], 72, 'mean')).toEqual([1, null, 3]);
    expect(resample([1, null, null, null], 2, 'mean')).toEqual([1, null]);
  });
});
