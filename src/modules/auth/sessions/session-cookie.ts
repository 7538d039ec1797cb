import type { AuthenticatedRequest } from '../strategies/authenticated-request.js';

export const SESSION_COOKIE = 'dsim_session';

export interface SessionCookieOptions {
  readonly secure: boolean;
  /** 0 removes the cookie. */
  readonly maxAgeSeconds: number;
}

/** RFC 6265, 5.4: `name=value` pairs, joined by semicolons. A JWT needs no decoding. */
export function readSessionCookie(request: AuthenticatedRequest): string | undefined {
  const header = request.headers.cookie;
  if (typeof header !== 'string') return undefined;
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/** Out of reach of scripts, and never sent along when another site makes the browser call us. */
export function sessionCookieHeader(jwt: string, options: SessionCookieOptions): string {
  const attributes = [
    `${SESSION_COOKIE}=${jwt}`,
    'Path=/',
    `Max-Age=${options.maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
  ];
  if (options.secure) attributes.push('Secure');
  return attributes.join('; ');
}
