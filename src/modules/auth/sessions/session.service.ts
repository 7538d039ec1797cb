import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import type { Transaction } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { authConfig } from '../auth.config.js';
import { ExpiringMemo } from '../expiring-memo.js';
import { ROLE_PERMISSIONS } from '../users/roles.js';
import type { User } from '../users/user.repository.js';
import { SessionRepository } from './session.repository.js';
import { SigningKeys } from './signing-keys.js';

/** Audience of our own sessions, so that a token made for something else with the same key is no login. */
export const SESSION_AUDIENCE = 'session';

export interface IssuedSession {
  readonly id: string;
  readonly jwt: string;
  readonly expiresInSeconds: number;
}

/** Sessions of people: a signed JWT that names a row, so that logout and a password change end it at once. */
@Injectable()
export class SessionService {
  private readonly users: ExpiringMemo<User | undefined>;

  constructor(
    @InjectConfig(authConfig) private readonly config: ConfigOf<typeof authConfig>,
    private readonly sessions: SessionRepository,
    private readonly keys: SigningKeys,
    private readonly jwt: JwtService,
    private readonly clock: Clock,
  ) {
    this.users = new ExpiringMemo(10_000, config.sessionCacheSeconds * 1000);
  }

  async start(tx: Transaction, user: User, ip: string | null): Promise<IssuedSession> {
    const now = this.clock.now();
    const seconds = this.config.sessionSeconds;
    const id = newId(now);
    await this.sessions.insert(tx, {
      id,
      userId: user.id,
      createdAt: new Date(now),
      expiresAt: new Date(now + seconds * 1000),
      ip,
    });
    const { id: keyid, key } = await this.keys.current();
    const issuedAt = Math.floor(now / 1000);
    const jwt = await this.jwt.signAsync(
      {
        sub: user.id,
        sid: id,
        iat: issuedAt,
        exp: issuedAt + seconds,
        iss: this.config.jwtIssuer,
        aud: SESSION_AUDIENCE,
      },
      { privateKey: key, algorithm: 'HS256', keyid },
    );
    return { id, jwt, expiresInSeconds: seconds };
  }

  /** Undefined when the session was ended or the user disabled. The caller has verified the JWT. */
  async principal(sessionId: string, userId: string): Promise<Principal | undefined> {
    const user = await this.users.get(`${sessionId} ${userId}`, () => this.sessions.activeUser(sessionId, userId));
    return user && principalOf(user);
  }

  async end(tx: Transaction, sessionId: string): Promise<void> {
    await this.sessions.revoke(tx, sessionId);
  }

  async endOthers(tx: Transaction, userId: string, keptSessionId: string | null): Promise<void> {
    await this.sessions.revokeOthers(tx, userId, keptSessionId);
  }

  /** To be called after the commit of `end` and `endOthers`: this process stops trusting what it remembers. */
  forgetRemembered(): void {
    this.users.clear();
  }
}

export function principalOf(user: User): Principal {
  return {
    kind: 'user',
    id: user.id,
    name: user.username,
    permissions: ROLE_PERMISSIONS[user.role],
    environmentId: null,
  };
}
