import { describe, expect, it } from 'vitest';
import { OpeningLevels } from './opening-levels.js';

describe('OpeningLevels', () => {
  const levelsOf = (scores: readonly number[]): number[] => {
    const found: number[] = [];
    const levels = new OpeningLevels(1, ({ level }) => found.push(level));
    scores.forEach((score, tick) => levels.push(score, tick));
    levels.end();
    return found;
  };
  const calm = [0, 0, 0, 0, 0, 0, 0];

  it.each([
    ['one point opens nothing', [5], []],
    ['two in a row open at the lower of them', [5, 3], [3]],
    ['three of five open at the third highest', [5, 0, 4, 0, 2], [2]],
    ['the higher of both rules counts', [5, 3, 0, 4, 4], [4]],
    ['what was not scored does not interrupt', [5, NaN, 3], [3]],
  ])('%s', (_, scores, expected) => {
    expect(levelsOf([...calm, ...scores, ...calm])).toEqual(expected);
  });

  it('tells excursions apart by calm', () => {
    expect(levelsOf([...calm, 2, 2, ...calm, ...calm, 3, 3])).toEqual([2, 3]);
    expect(levelsOf([...calm, 2, 2, 0, 0, 3, 3])).toEqual([3]);
  });
});
