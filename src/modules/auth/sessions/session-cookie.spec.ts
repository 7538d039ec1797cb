import { describe, expect, it } from 'vitest';
import { readSessionCookie, sessionCookieHeader } from './session-cookie.js';

const read = (cookie: string | string[] | undefined) => readSessionCookie({ method: 'GET', headers: { cookie } });

describe('the session cookie', () => {
  it.each([
    ['dsim_session=a.b.c', 'a.b.c'],
    ['theme=dark; dsim_session=a.b.c; x=1', 'a.b.c'],
    ['theme=dark;dsim_session=a.b.c', 'a.b.c'],
    ['dsim_session=first; dsim_session=second', 'first'],
    ['dsim_session=', undefined],
    ['dsim_session', undefined],
    ['xdsim_session=a', undefined],
    ['Dsim_Session=a', undefined],
    [';;=;', undefined],
    [undefined, undefined],
  ])('in "%s" is %s', (header, value) => {
    expect(read(header)).toBe(value);
  });

  it('is out of reach of scripts and of other sites', () => {
    expect(sessionCookieHeader('a.b.c', { secure: true, maxAgeSeconds: 60 })).toBe(
      'dsim_session=a.b.c; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
    );
    expect(sessionCookieHeader('', { secure: false, maxAgeSeconds: 0 })).not.toContain('Secure');
  });
});
