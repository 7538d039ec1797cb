import { describe, expect, it } from 'vitest';
import { closestMatch, editDistance } from './did-you-mean.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['port', 'port', 0],
    ['port', 'prot', 1],
    ['port', 'por', 1],
    ['port', 'sport', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s to %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('closestMatch', () => {
  it('finds the nearest, whatever the case', () => {
    expect(closestMatch('FEATURE_LIV', ['FEATURE_LIVE', 'FEATURE_METRICS'])).toBe('FEATURE_LIVE');
    expect(closestMatch('ShopFront', ['shopFront'])).toBe('shopFront');
  });

  it('answers nothing rather than something far away', () => {
    expect(closestMatch('colour', ['port', 'host'])).toBeUndefined();
    expect(closestMatch('anything', [])).toBeUndefined();
  });
});
