import { describe, expect, it } from 'vitest';
import type { LabelMatcher } from '../../../kernel/series-selector.js';
import { filterFor, isDecidable, literalAlternatives } from './series-filter.js';

function matcher(name: string, operator: LabelMatcher['operator'], value: string): LabelMatcher {
  return { name, operator, value };
}

describe('filterFor', () => {
  it('asks for everything where nothing is asked', () => {
    expect(filterFor([], 4)).toMatchObject({ sql: 'TRUE', parameters: [], matches: undefined });
    expect(filterFor([[], [matcher('a', '=', 'b')]], 4).sql).toBe('TRUE');
  });

  it('tests equalities of labels with one containment', () => {
    const filter = filterFor(
      [[matcher('__name__', '=', 'up'), matcher('job', '=', 'a'), matcher('instance', '=', 'b')]],
      4,
    );
    expect(filter.sql).toBe('((metric_name = $4::text AND labels @> $5::jsonb))');
    expect(filter.parameters).toEqual(['up', '{"job":"a","instance":"b"}']);
    expect(filter.indexed).toBe(true);
  });

  it('keeps two equalities of one label apart: both must hold', () => {
    expect(filterFor([[matcher('job', '=', 'a'), matcher('job', '=', 'b')]], 1).parameters).toEqual([
      'job',
      'b',
      '{"job":"a"}',
    ]);
  });

  it('binds every value, quotes and all', () => {
    const filter = filterFor([[matcher(`x'; DROP TABLE y; --`, '!=', `'`)]], 1);
    expect(filter.sql).not.toContain('DROP');
    expect(filter.parameters).toEqual([`x'; DROP TABLE y; --`, `'`]);
  });

  it('uses as many parameters as its SQL names', () => {
    const selectors = [
      [matcher('a', '=~', 'x.*'), matcher('b', '=', 'c')],
      [matcher('__name__', '!~', 'd|e'), matcher('f', '=~', 'g|h'), matcher('i', '!=', '')],
      [
        { name: 'j', operator: 'in' as const, values: ['', 'k'] },
        { name: 'l', operator: 'not-in' as const, values: ['m'] },
      ],
    ];
    for (const chosen of [selectors, ...selectors.map((one) => [one])]) {
      const { sql, parameters } = filterFor(chosen, 4);
      const named = new Set([...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
      expect([...named].sort((a, b) => a - b)).toEqual(parameters.map((_, i) => i + 4));
    }
  });

  it('leaves regular expressions to a predicate', () => {
    const filter = filterFor([[matcher('pod', '=~', 'web-.*'), matcher('job', '=', 'k8s')]], 1);
    expect(filter.matches?.({ pod: 'web-1', job: 'k8s' })).toBe(true);
    expect(filter.matches?.({ pod: 'db-1', job: 'k8s' })).toBe(false);
    expect(filterFor([[matcher('pod', '=~', 'a|b')]], 1).matches).toBeUndefined();
  });
});

describe('literalAlternatives', () => {
  it.each(['a.b', 'a+', '(a|b)', '[ab]', 'a{2}', '^a$', 'a\\|b', 'a?'])('does not take %s literally', (pattern) => {
    expect(literalAlternatives(pattern)).toBeUndefined();
    expect(isDecidable(matcher('x', '=~', pattern))).toBe(false);
  });

  it('lists what a plain pattern stands for', () => {
    expect(literalAlternatives('a|b|')).toEqual(['a', 'b', '']);
    expect(literalAlternatives('')).toEqual(['']);
  });
});
