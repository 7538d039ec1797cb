import { fastifyCookie } from '@fastify/cookie';
import type { AuthenticatedRequest } from '../strategies/authenticated-request.js';

export const SESSION_COOKIE = 'dsim_session';

export interface SessionCookieOptions {
  readonly secure: boolean;
  /** 0 removes the cookie. */
  readonly maxAgeSeconds: number;
}

export function readSessionCookie(request: AuthenticatedRequest): string | undefined {
  const header = request.headers.cookie;
  return typeof header === 'string' ? fastifyCookie.parse(header)[SESSION_COOKIE] || undefined : undefined;
}

/** Out of reach of scripts, and never sent along when another site makes the browser call us. */
export function sessionCookieHeader(jwt: string, options: SessionCookieOptions): string {
  return fastifyCookie.serialize(SESSION_COOKIE, jwt, {
    httpOnly: true,
    sameSite: 'strict',
    secure: options.secure,
    path: '/',
    maxAge: options.maxAgeSeconds,
  });
}
