import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import type { Principal } from '../../../platform/http/access.js';
import { authConfig } from '../auth.config.js';
import { InvalidTokenError, TokenExpiredError } from '../auth.errors.js';
import { ExpiringMemo } from '../expiring-memo.js';
import { ScryptHasher } from '../passwords/scrypt-hasher.js';
import { fingerprintOf, parseApiToken, type ApiTokenParts } from './api-token.format.js';
import { ApiTokenRepository } from './api-token.repository.js';

interface Verified {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/**
 * Turns an API token into its principal. Ingestion sends the same token many times a second, so a verdict, good or
 * bad, is remembered for `auth.apiTokenCacheSeconds`, under a digest of the token. Expiry is checked each time.
 */
@Injectable()
export class ApiTokenVerifier {
  private readonly logger = new Logger(ApiTokenVerifier.name);
  private readonly verdicts: ExpiringMemo<Verified | undefined>;

  constructor(
    @InjectConfig(authConfig) config: ConfigOf<typeof authConfig>,
    private readonly tokens: ApiTokenRepository,
    private readonly hasher: ScryptHasher,
    private readonly clock: Clock,
  ) {
    this.verdicts = new ExpiringMemo(10_000, config.apiTokenCacheSeconds * 1000);
  }

  /** Throws `auth.token_invalid` or `auth.token_expired`. */
  async verify(token: string): Promise<Principal> {
    const parts = parseApiToken(token);
    if (!parts) throw new InvalidTokenError();
    const verified = await this.verdicts.get(fingerprintOf(token), () => this.look(parts));
    if (!verified) throw new InvalidTokenError();
    if (this.clock.now() >= verified.expiresAtMs) throw new TokenExpiredError();
    return verified.principal;
  }

  /** To be called after a token was revoked: this process stops trusting what it remembers. */
  forgetRemembered(): void {
    this.verdicts.clear();
  }

  private async look(parts: ApiTokenParts): Promise<Verified | undefined> {
    const token = await this.tokens.byLookup(parts.lookup);
    // The lookup is no secret, so that answering at once for an unknown one gives nothing away.
    if (!token || token.revokedAt || !(await this.hasher.verify(parts.secret, token.hash))) return undefined;
    this.touch(token.id);
    return {
      principal: {
        kind: 'api-token',
        id: token.id,
        name: token.name,
        permissions: new Set(token.permissions),
        environmentId: token.environmentId,
      },
      expiresAtMs: token.expiresAt?.getTime() ?? Infinity,
    };
  }

  /** Nobody waits for it: that a token was used is worth knowing, not worth failing a request for. */
  private touch(id: string): void {
    this.tokens.touch(id, new Date(this.clock.now())).catch((error: unknown) => {
      this.logger.warn({ msg: 'could not note the use of an API token', tokenId: id, err: error });
    });
  }
}
