import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { DomainError } from '../../../kernel/errors.js';
import type { Permission, Principal } from '../../../platform/http/access.js';
import { InvalidTokenError, PermissionMissingError, UnauthenticatedError } from '../auth.errors.js';
import { bearerOf, type AuthenticatedRequest, type AuthenticationFacts } from '../strategies/authenticated-request.js';
import { readSessionCookie } from '../sessions/session-cookie.js';
import { StrategyRegistry } from '../strategies/strategy-registry.js';
import { assertSameOrigin } from './same-origin.js';

/**
 * Finds out who sends a request, with the registered strategies. The guard uses it for Nest routes; a Fastify plugin
 * that Nest's guards do not reach (the queue dashboard) calls it in a hook.
 */
@Injectable()
export class RequestAuthenticator {
  constructor(private readonly registry: StrategyRegistry) {}

  /** Sets `request.principal` and answers it. Throws `auth.unauthenticated`, `auth.token_expired`, ... */
  async authenticate(request: AuthenticatedRequest): Promise<Principal> {
    const { principal, facts } = await this.run(request);
    if (facts.byCookie) assertSameOrigin(request);
    request.principal = principal;
    request.sessionId = facts.sessionId;
    return principal;
  }

  async authorize(request: AuthenticatedRequest, permission: Permission): Promise<Principal> {
    const principal = await this.authenticate(request);
    if (!principal.permissions.has(permission)) throw new PermissionMissingError(permission);
    return principal;
  }

  private run(request: AuthenticatedRequest): Promise<{ principal: Principal; facts: AuthenticationFacts }> {
    return new Promise((resolve, reject) => {
      const finish = (error: unknown, principal?: Principal | false | null, info?: unknown): void => {
        if (error) reject(error as Error);
        else if (principal) resolve({ principal, facts: info as AuthenticationFacts });
        else reject(refusal(request, info));
      };
      const authenticate = passport.authenticate(
        // Passport takes an array of strategy objects; its types know only one object or names.
        this.registry.forOneRequest('request') as unknown as string[],
        { session: false },
        finish,
      ) as (request: unknown, response: unknown, next: (error?: unknown) => void) => void;
      authenticate(request, {}, (error) => reject((error as Error | undefined) ?? new UnauthenticatedError()));
    });
  }
}

/** Each strategy that did not recognise the request says why; passport-jwt does so with errors of jsonwebtoken. */
function refusal(request: AuthenticatedRequest, info: unknown): Error {
  for (const reason of Array.isArray(info) ? (info as unknown[]) : [info]) {
    if (reason instanceof DomainError) return reason;
    if (!(reason instanceof Error)) continue;
    if (reason.name === 'JsonWebTokenError' || reason.name === 'NotBeforeError') return new InvalidTokenError(reason);
    // Our own trouble while looking up the key, such as a database that is away: not the caller's fault.
    if (reason.message !== NO_TOKEN) return reason;
  }
  const sentSomething = bearerOf(request) !== undefined || readSessionCookie(request) !== undefined;
  return sentSomething ? new InvalidTokenError() : new UnauthenticatedError();
}

/** What passport-jwt says when there is nothing for it in the request. */
const NO_TOKEN = 'No auth token';
