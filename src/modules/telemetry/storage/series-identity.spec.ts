import type { Labels } from '../../../kernel/time-series.js';
import { describe, expect, it } from 'vitest';
import { identifySeries, withoutEmptyLabels } from './series-identity.js';

describe('identifySeries', () => {
  it('depends on the labels, not on their order, nor on empty ones', () => {
    const one = identifySeries({ __name__: 'up', job: 'node', instance: 'a' });
    expect(identifySeries({ instance: 'a', job: 'node', __name__: 'up', empty: '' })).toEqual(one);
    expect(one.metricName).toBe('up');
    expect(one.hash).toMatch(/^[0-9a-f]{32}$/);
  });

  it('stays the same from release to release', () => {
    expect(identifySeries({ __name__: 'up', job: 'node' }).hash).toBe('7f6642401858fb24f850b62801066767');
  });

  it('tells apart what only joins alike', () => {
    const sets: Labels[] = [
      { __name__: 'up', ab: 'c' },
      { __name__: 'up', a: 'bc' },
      { __name__: 'up', a: 'b', c: 'd' },
      { __name__: 'up', a: 'b c', d: 'e' },
    ];
    const hashes = sets.map((labels) => identifySeries(labels).hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('keeps series that were computed apart from received ones, and by their source', () => {
    const labels = { __name__: 'anomaly_score', for: 'up' };
    const hashes = [undefined, 1, 2, 12].map((derivedFrom) => identifySeries(labels, derivedFrom).hash);
    expect(new Set(hashes).size).toBe(4);
  });

  it.each([
    [{ job: 'node' }, /no metric name/],
    [{ __name__: '' }, /no metric name/],
    [{ __name__: 'é'.repeat(513) }, /1026 bytes, at most 1024/],
    [{ __name__: 'up', '': 'x' }, /empty name/],
    [{ __name__: 'up', job: 'a\0b' }, /NUL/],
    [{ __name__: 'up', 'a\0b': 'job' }, /NUL/],
  ])('refuses %j', (labels, reason) => {
    expect(() => identifySeries(labels as Record<string, string>)).toThrow(reason);
  });
});

describe('withoutEmptyLabels', () => {
  it('copies only where there is something to leave out', () => {
    const labels = { __name__: 'up' };
    expect(withoutEmptyLabels(labels)).toBe(labels);
    expect(withoutEmptyLabels({ __name__: 'up', a: '' })).toEqual({ __name__: 'up' });
  });
});
