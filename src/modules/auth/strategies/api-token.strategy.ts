import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport';
import type { Principal } from '../../../platform/http/access.js';
import { looksLikeApiToken } from '../tokens/api-token.format.js';
import { ApiTokenVerifier } from '../tokens/api-token.verifier.js';
import { bearerOf, type AuthenticatedRequest, type AuthenticationFacts } from './authenticated-request.js';
import { StrategyRegistry } from './strategy-registry.js';

type Done = (error: unknown, principal?: Principal | false, facts?: AuthenticationFacts) => void;

/** `Authorization: Bearer dsim_...` for Passport. */
export class BearerApiTokenStrategy extends Strategy {
  override name = 'api-token';

  constructor(private readonly check: (token: string, done: Done) => void) {
    super();
  }

  override authenticate(request: unknown): void {
    const token = bearerOf(request as AuthenticatedRequest);
    if (token === undefined || !looksLikeApiToken(token)) {
      this.fail('Bearer');
      return;
    }
    this.check(token, (error, principal, facts) => {
      if (error) this.error(error);
      else if (principal) this.success(principal, facts);
      else this.fail('Bearer');
    });
  }
}

@Injectable()
export class ApiTokenStrategy extends PassportStrategy(BearerApiTokenStrategy, 'api-token') {
  constructor(
    private readonly tokens: ApiTokenVerifier,
    registry: StrategyRegistry,
  ) {
    super();
    registry.register('api-token', 'request', this as unknown as Strategy);
  }

  async validate(token: string): Promise<[Principal, AuthenticationFacts]> {
    return [await this.tokens.verify(token), { sessionId: null, byCookie: false }];
  }
}
