import { describe, expect, it } from 'vitest';
import {
  concerns,
  factorsFor,
  factorsOf,
  isLike,
  LARGEST_FACTOR,
  SMALLEST_FACTOR,
  type Feedback,
} from './feedback-factors.js';

const web = { __name__: 'latency', job: 'shop', service: 'web', pod: 'web-1' };
const about = (changes: Partial<Feedback>): Feedback => ({
  scope: 'series',
  seriesId: 1,
  labels: web,
  factors: { value: 2 },
  ...changes,
});

describe('feedback', () => {
  it('concerns its series, and its like where it says so', () => {
    expect(isLike(web, { ...web, pod: 'web-2' })).toBe(true);
    expect(isLike(web, { ...web, service: 'cart' })).toBe(false);
    expect(isLike(web, { ...web, __name__: 'errors' })).toBe(false);
    expect(isLike({ __name__: 'load' }, { __name__: 'load', instance: 'b' })).toBe(true);
    expect(concerns(about({}), 2, web)).toBe(false);
    expect(concerns(about({ scope: 'like' }), 2, { ...web, pod: 'web-2' })).toBe(true);
  });

  it('multiplies factors of several opinions, within bounds', () => {
    expect(factorsOf([], 1, web)).toBeUndefined();
    expect(factorsOf([about({}), about({ factors: { value: 3, level: 0.5 } })], 1, web)).toEqual({
      value: 6,
      level: 0.5,
    });
    expect(factorsOf([about({}), about({ factors: { value: 70 } })], 1, web)).toEqual({ value: LARGEST_FACTOR });
  });
});

describe('factorsFor', () => {
  it('brings every channel that fired just below the boundary', () => {
    const factors = factorsFor('not-an-anomaly', { value: [0.2, 1.6, 2], level: [0.9, 0.4, NaN], range: [3, 3, 3] });
    expect(Object.keys(factors)).toEqual(['value']);
    expect(2 / factors.value!).toBeCloseTo(0.952, 3);
  });

  it('brings the channel that came closest for two points just above the boundary', () => {
    const factors = factorsFor('missed', { value: [0.1, 0.95, 0.1], level: [0.5, 0.6, 0.7], range: [0, 0, 0] });
    expect(Object.keys(factors)).toEqual(['level']);
    expect(0.6 / factors.level!).toBeCloseTo(1.05);
  });

  it('changes nothing where nothing fired, or all is above already, and never goes beyond the bounds', () => {
    expect(factorsFor('not-an-anomaly', { value: [0.5] })).toEqual({});
    expect(factorsFor('missed', { value: [1.5, 1.6] })).toEqual({});
    expect(factorsFor('not-an-anomaly', { value: [1000] })).toEqual({ value: LARGEST_FACTOR });
    expect(factorsFor('missed', { value: [0.01, 0.01] })).toEqual({ value: SMALLEST_FACTOR });
  });
});
