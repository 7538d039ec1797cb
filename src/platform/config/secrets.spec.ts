import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HIDDEN, hideSecrets } from './secrets.js';

const secret = z.string().meta({ secret: true });

describe('hideSecrets', () => {
  it.each([
    ['postgresql://user:pa%40ss@db:5432/dsim?sslmode=require', `postgresql://user:${HIDDEN}@db:5432/dsim?...`],
    ['redis://:pw@cache:6379/0', `redis://:${HIDDEN}@cache:6379/0`],
    ['https://hooks.example/services/T0/B0/xyz', 'https://hooks.example/...'],
    ['plain', HIDDEN],
    ['postgresql://a:pw@one:1,two:2/db', HIDDEN],
  ])('%s is shown as %s', (value, shown) => {
    expect(hideSecrets(secret, value)).toBe(shown);
    expect(hideSecrets(z.array(z.string()).meta({ secret: true }), [value])).toEqual([shown]);
  });

  it('finds secrets below optional, default, records and unions', () => {
    const schema = z
      .record(
        z.string(),
        z.union([z.object({ kind: z.literal('a'), token: secret.optional() }), z.object({ kind: z.literal('b') })]),
      )
      .default({});
    expect(hideSecrets(schema, { one: { kind: 'a', token: 'x' }, two: { kind: 'b' } })).toEqual({
      one: { kind: 'a', token: HIDDEN },
      two: { kind: 'b' },
    });
  });

  it('leaves what is not set alone', () => {
    expect(hideSecrets(secret.optional(), undefined)).toBeUndefined();
    expect(hideSecrets(z.number(), 3)).toBe(3);
  });
});
