import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Strategy as PassportBase } from 'passport';
import { Strategy } from 'passport-jwt';
import { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import type { Principal } from '../../../platform/http/access.js';
import { authConfig } from '../auth.config.js';
import { InvalidTokenError, TokenExpiredError } from '../auth.errors.js';
import { SESSION_AUDIENCE, SessionService } from '../sessions/session.service.js';
import { readSessionCookie } from '../sessions/session-cookie.js';
import { SigningKeys } from '../sessions/signing-keys.js';
import { looksLikeApiToken } from '../tokens/api-token.format.js';
import { bearerOf, type AuthenticatedRequest, type AuthenticationFacts } from './authenticated-request.js';
import { StrategyRegistry } from './strategy-registry.js';

const claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number() });
const header = z.object({ kid: z.string() });

/** A session, from the bearer header or, where there is none, from the page's cookie. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    @InjectConfig(authConfig) config: ConfigOf<typeof authConfig>,
    private readonly sessions: SessionService,
    private readonly clock: Clock,
    keys: SigningKeys,
    registry: StrategyRegistry,
  ) {
    super({
      jwtFromRequest: (request: unknown) => jwtOf(request as AuthenticatedRequest) ?? null,
      secretOrKeyProvider: (_request: unknown, jwt: string, done: (error: unknown, secret?: string) => void) => {
        const id = keyIdOf(jwt);
        if (id === undefined) {
          done(new InvalidTokenError());
          return;
        }
        // Its types lag behind jsonwebtoken, which takes key objects.
        keys.byId(id).then(
          (key) => (key ? done(null, key.key as unknown as string) : done(new InvalidTokenError())),
          (error: unknown) => done(error),
        );
      },
      // Fixed here: what the token says about its own algorithm is never believed.
      algorithms: ['HS256'],
      // Judged in `validate`, by the clock that set it.
      ignoreExpiration: true,
      issuer: config.jwtIssuer,
      audience: SESSION_AUDIENCE,
      passReqToCallback: true,
    });
    registry.register('jwt', 'request', this as unknown as PassportBase);
  }

  async validate(request: AuthenticatedRequest, payload: unknown): Promise<[Principal, AuthenticationFacts]> {
    const { success, data } = claims.safeParse(payload);
    if (success && data.exp * 1_000 <= this.clock.now()) throw new TokenExpiredError();
    const principal = success ? await this.sessions.principal(data.sid, data.sub) : undefined;
    if (!success || !principal) throw new InvalidTokenError();
    return [principal, { sessionId: data.sid, byCookie: bearerOf(request) === undefined }];
  }
}

/** Whoever sends a bearer header means it: the cookie is not looked at then, not even when the header is bad. */
function jwtOf(request: AuthenticatedRequest): string | undefined {
  if (request.headers.authorization !== undefined) {
    const bearer = bearerOf(request);
    return bearer !== undefined && looksLikeApiToken(bearer) ? undefined : bearer;
  }
  return readSessionCookie(request);
}

function keyIdOf(jwt: string): string | undefined {
  try {
    const text = Buffer.from(jwt.split('.', 1)[0]!, 'base64url').toString('utf8');
    return header.safeParse(JSON.parse(text)).data?.kid;
  } catch {
    return undefined;
  }
}
