import { CrossSiteRequestError } from '../auth.errors.js';
import type { AuthenticatedRequest } from '../strategies/authenticated-request.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a change that a browser authenticated by cookie, unless the browser says that our own page asked for it
 * (Fetch Metadata, or Origin in older browsers). SameSite=Strict alone lets other ports and subdomains through.
 */
export function assertSameOrigin(request: AuthenticatedRequest): void {
  if (SAFE_METHODS.has(request.method)) return;
  if (!isSameOrigin(request)) throw new CrossSiteRequestError();
}

function isSameOrigin(request: AuthenticatedRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = request.headers.origin;
  if (typeof origin !== 'string' || request.host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === normalHost(origin, request.host);
}

/** `example.org:443` and `example.org` are the same for https. */
function normalHost(origin: string, host: string): string {
  const url = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : host;
}

/** Whether a login may leave a cookie: not when a page of another site sent it (login CSRF). */
export function mayReceiveCookie(request: AuthenticatedRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
