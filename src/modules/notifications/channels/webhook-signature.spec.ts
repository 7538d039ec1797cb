import { describe, expect, it } from 'vitest';
import { signatureOf } from './webhook-signature.js';

describe('signatureOf', () => {
  it('is what the recipe in the README computes', () => {
    // printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
    expect(signatureOf('0123456789abcdef', '{"a":1}', 1_700_000_000)).toBe(
      't=1700000000,v1=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23',
    );
  });

  it('depends on time, body and secret', () => {
    const base = signatureOf('secret-secret-secret', '{}', 1);
    expect(
      new Set([
        base,
        signatureOf('other-secret-secret', '{}', 1),
        signatureOf('secret-secret-secret', '{ }', 1),
        signatureOf('secret-secret-secret', '{}', 2),
      ]).size,
    ).toBe(4);
  });
});
