import { describe, expect, it } from 'vitest';
import { MAX_SLUG_LENGTH, SLUG_PATTERN, numberedSlug, slugOf } from './slug.js';

describe('slugOf', () => {
  it.each([
    ['Production', 'production'],
    ['Zürich, production', 'zurich-production'],
    ['  --a__b--  ', 'a-b'],
    ['eu-west-1', 'eu-west-1'],
    ['ＦＵＬＬ width', 'full-width'],
    ['本番', 'environment'],
    ['', 'environment'],
    ['../../etc/passwd', 'etc-passwd'],
  ])('makes "%s" into %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('makes valid slugs of any length', () => {
    for (const name of ['x'.repeat(500), `${'x'.repeat(62)} y`, 'a b '.repeat(100)]) {
      for (const attempt of [1, 2, 10, 100]) {
        const slug = numberedSlug(slugOf(name), attempt);
        expect(slug).toMatch(SLUG_PATTERN);
        expect(slug.length).toBeLessThanOrEqual(MAX_SLUG_LENGTH);
      }
    }
  });
});

describe('numberedSlug', () => {
  it('numbers from the second on', () => {
    expect([1, 2, 3].map((attempt) => numberedSlug('berlin', attempt))).toEqual(['berlin', 'berlin-2', 'berlin-3']);
  });

  it('keeps the number where the slug is long', () => {
    expect(numberedSlug('x'.repeat(63), 12)).toBe(`${'x'.repeat(60)}-12`);
  });
});
