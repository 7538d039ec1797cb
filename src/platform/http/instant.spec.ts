import { describe, expect, it } from 'vitest';
import { instant, instantDate } from './instant.js';

const AT = Date.UTC(2026, 10, 21, 10);

describe('instant', () => {
  it.each([
    ['2026-11-21T10:00:00Z', AT],
    ['2026-11-21T11:00:00.250+01:00', AT + 250],
    ['2026-11-21', AT - 10 * 3_600_000],
    [String(AT / 1000), AT],
    [`${AT / 1000}.5`, AT + 500],
    ['0', 0],
    ['-1', -1_000],
    ['0001-01-01T00:00:00Z', new Date('0001-01-01T00:00:00Z').getTime()],
  ])('reads %s', (text, ms) => {
    expect(instant.parse(text)).toBe(ms);
    expect(instantDate.parse(text)).toEqual(new Date(ms));
  });

  it.each([
    '',
    'yesterday',
    'Nov 21',
    '2026-13-01',
    '2026-11-21T10:00:00',
    '1e3',
    '0000-12-31T00:00:00Z',
    '9e99',
    '9'.repeat(20),
  ])('says of %j what is expected', (text) => {
    for (const schema of [instant, instantDate]) {
      expect(schema.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
        'must be an ISO 8601 time (2026-11-21T10:00:00Z) or epoch seconds',
      ]);
    }
  });
});
