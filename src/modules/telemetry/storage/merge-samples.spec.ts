import { describe, expect, it } from 'vitest';
import { type Fragment, mergeFragments } from './merge-samples.js';

function fragment(...samples: [number, number][]): Fragment {
  return {
    times: Float64Array.from(samples, ([time]) => time),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

function merged(fragments: Fragment[], from?: number, to?: number): [number, number][] {
  const { times, values } = mergeFragments(fragments, from, to);
  return Array.from(times, (time, i) => [time, values[i]!]);
}

describe('mergeFragments', () => {
  it('answers nothing for nothing', () => {
    expect(merged([])).toEqual([]);
    expect(merged([fragment()])).toEqual([]);
    expect(merged([fragment([5, 1])], 6)).toEqual([]);
  });

  it('joins fragments that follow each other', () => {
    expect(merged([fragment([1, 10], [2, 20]), fragment([3, 30])])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
  });

  it('sorts, and lets the newest write of a millisecond win', () => {
    const fragments = [fragment([3, 1], [1, 1]), fragment([2, 2], [3, 2]), fragment([1, 3], [1, 4])];
    expect(merged(fragments)).toEqual([
      [1, 4],
      [2, 2],
      [3, 2],
    ]);
  });

  it('includes from and excludes to, whatever the order', () => {
    expect(merged([fragment([1, 1], [2, 2], [3, 3], [4, 4])], 2, 4)).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(merged([fragment([4, 4], [3, 3], [2, 2], [1, 1])], 2, 4)).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  it('keeps NaN, infinities and the sign of zero', () => {
    const values = merged([fragment([2, NaN], [1, -0], [3, -Infinity])]).map(([, value]) => value);
    expect(values).toEqual([-0, NaN, -Infinity]);
  });

  it('does not share memory with what it was given where it had to sort', () => {
    const given = fragment([2, 2], [1, 1]);
    const { values } = mergeFragments([given]);
    given.values.fill(9);
    expect([...values]).toEqual([1, 2]);
  });
});
