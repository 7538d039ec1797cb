import { describe, expect, it } from 'vitest';
import { assertSameOrigin, mayReceiveCookie } from './same-origin.js';

const request = (method: string, headers: Record<string, string>, host: string | undefined = 'dsim.example:3000') => ({
  method,
  headers,
  ...(host === undefined ? {} : { host }),
});

describe('assertSameOrigin', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('lets %s pass: it changes nothing', (method) => {
    expect(() => assertSameOrigin(request(method, { 'sec-fetch-site': 'cross-site' }))).not.toThrow();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'BREW'])('asks where %s comes from', (method) => {
    expect(() => assertSameOrigin(request(method, {}))).toThrow('must come from our own page');
    expect(() => assertSameOrigin(request(method, { 'sec-fetch-site': 'same-origin' }))).not.toThrow();
    expect(() => assertSameOrigin(request(method, { origin: 'http://dsim.example:3000' }))).not.toThrow();
  });

  it.each([
    'http://dsim.example',
    'http://dsim.example:3001',
    'https://evil.example',
    'null',
    '',
    'http://dsim.example:3000@evil.example',
  ])('refuses the origin "%s"', (origin) => {
    expect(() => assertSameOrigin(request('POST', { origin }))).toThrow();
  });

  it('refuses an origin where it does not know its own host', () => {
    expect(() => assertSameOrigin({ method: 'POST', headers: { origin: 'http://dsim.example' } })).toThrow();
  });

  it('believes fetch metadata before the origin', () => {
    const headers = { 'sec-fetch-site': 'same-site', origin: 'http://dsim.example:3000' };
    expect(() => assertSameOrigin(request('POST', headers))).toThrow();
  });
});

describe('mayReceiveCookie', () => {
  it.each([
    [undefined, true],
    ['same-origin', true],
    ['none', true],
    ['same-site', false],
    ['cross-site', false],
  ])('for %s says %s', (site, allowed) => {
    expect(mayReceiveCookie(request('POST', site === undefined ? {} : { 'sec-fetch-site': site }))).toBe(allowed);
  });
});
