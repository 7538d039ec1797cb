import type { Principal } from '../../../platform/http/access.js';

/** What the authentication code reads from a request and leaves on it. A Fastify request is one. */
export interface AuthenticatedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Host as the caller sees it, behind trusted proxies too. */
  readonly host?: string;
  readonly ip?: string;
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  principal?: Principal;
  /** Set when a person is logged in; null for API tokens. */
  sessionId?: string | null;
}

/** What a strategy reports beside the principal. */
export interface AuthenticationFacts {
  readonly sessionId: string | null;
  /** Browsers add cookies by themselves, also when another site asks them to: see `assertSameOrigin`. */
  readonly byCookie: boolean;
}

export function bearerOf(request: AuthenticatedRequest): string | undefined {
  const header = request.headers.authorization;
  if (typeof header !== 'string') return undefined;
  return /^Bearer +([^\s]+) *$/i.exec(header)?.[1];
}
