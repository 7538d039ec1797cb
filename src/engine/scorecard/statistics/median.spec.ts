import { expect, it } from 'vitest';
import { medianWithInterval } from './median.js';

it('gives the middle, and limits among the values', () => {
  const { value, low, high } = medianWithInterval([9, 1, 3, 7, 5]);
  expect(value).toBe(5);
  expect([1, 3, 5]).toContain(low);
  expect([5, 7, 9]).toContain(high);
});

it('is certain of values that are all the same', () => {
  expect(medianWithInterval([2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 });
});

it('counts what never happened as later than everything', () => {
  expect(medianWithInterval([1, Infinity, Infinity]).value).toBeNull();
  expect(medianWithInterval([1, 2, Infinity]).value).toBe(2);
  expect(medianWithInterval([1, 2, Infinity]).high).toBeNull();
});

it('gives the same limits again', () => {
  const values = Array.from({ length: 30 }, (_, i) => (i * 37) % 31);
  expect(medianWithInterval(values)).toEqual(medianWithInterval(values));
});
