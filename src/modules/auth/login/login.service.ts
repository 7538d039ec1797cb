import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { Database } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { AuditTrail } from '../../audit/index.js';
import { InvalidCredentialsError, LoginLockedError, WrongPasswordError } from '../auth.errors.js';
import { LOGINS_TOTAL } from '../auth.metrics.js';
import { assertStrongPassword } from '../passwords/password-policy.js';
import { PASSWORD_COST, ScryptHasher, UNMATCHED_PASSWORD_HASH } from '../passwords/scrypt-hasher.js';
import { SessionService, principalOf, type IssuedSession } from '../sessions/session.service.js';
import { UserRepository, type PasswordCredential, type User } from '../users/user.repository.js';
import { LoginThrottle } from './login-throttle.js';

export interface Login extends IssuedSession {
  readonly principal: Principal;
}

/** Logins by password, logout, and changing the password. */
@Injectable()
export class LoginService {
  constructor(
    private readonly db: Database,
    private readonly users: UserRepository,
    private readonly hasher: ScryptHasher,
    private readonly throttle: LoginThrottle,
    private readonly sessions: SessionService,
    private readonly audit: AuditTrail,
    @InjectMetric(LOGINS_TOTAL) private readonly logins: Counter<'outcome'>,
  ) {}

  /** The user with this name and password. Throws `auth.invalid_credentials` or `auth.login_locked`. */
  async verify(username: string, password: string, ip: string): Promise<User> {
    await this.countAttempt(username, ip);
    const credential = await this.users.credentialByUsername(username);
    // Where there is no such user the same work is done, so that the time of the answer does not tell.
    const matches = await this.hasher.verify(password, credential?.hash ?? UNMATCHED_PASSWORD_HASH);
    if (!credential || !matches || credential.disabled) {
      await this.recordFailure('auth.login', username, ip, credential);
      throw new InvalidCredentialsError();
    }
    await this.throttle.succeeded(username, ip);
    await this.raiseCost(credential, password);
    return credential.user;
  }

  async login(user: User, ip: string): Promise<Login> {
    const principal = principalOf(user);
    const session = await this.db.transaction(async (tx) => {
      const issued = await this.sessions.start(tx, user, ip);
      await this.audit.record(tx, {
        action: 'auth.login',
        actor: principal,
        subjectType: 'user',
        subjectId: user.id,
        outcome: 'allowed',
        ip,
        details: { sessionId: issued.id },
      });
      return issued;
    });
    this.logins.inc({ outcome: 'succeeded' });
    return { ...session, principal };
  }

  async logout(principal: Principal, sessionId: string, ip: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.sessions.end(tx, sessionId);
      await this.audit.record(tx, {
        action: 'auth.logout',
        actor: principal,
        subjectType: 'user',
        subjectId: principal.id,
        outcome: 'allowed',
        ip,
        details: { sessionId },
      });
    });
    this.sessions.forgetRemembered();
  }

  /** Ends every other session of the user. */
  async changePassword(
    principal: Principal,
    sessionId: string,
    passwords: { readonly current: string; readonly next: string },
    ip: string,
  ): Promise<void> {
    await this.countAttempt(principal.name, ip);
    const credential = await this.users.credentialById(principal.id);
    if (!credential || !(await this.hasher.verify(passwords.current, credential.hash))) {
      await this.recordFailure('auth.change-password', principal.name, ip, credential);
      throw new WrongPasswordError();
    }
    await this.throttle.succeeded(principal.name, ip);
    assertStrongPassword(passwords.next, principal.name);
    const hash = await this.hasher.hash(passwords.next, PASSWORD_COST);
    await this.db.transaction(async (tx) => {
      await this.users.setPassword(tx, principal.id, hash);
      await this.sessions.endOthers(tx, principal.id, sessionId);
      await this.audit.record(tx, {
        action: 'auth.change-password',
        actor: principal,
        subjectType: 'user',
        subjectId: principal.id,
        outcome: 'allowed',
        ip,
      });
    });
    this.sessions.forgetRemembered();
  }

  private async countAttempt(username: string, ip: string): Promise<void> {
    try {
      await this.throttle.attempt(username, ip);
    } catch (error) {
      // Not audited: a flood of tries must not become a flood of entries. The counter shows it.
      if (error instanceof LoginLockedError) this.logins.inc({ outcome: 'locked' });
      throw error;
    }
  }

  private async recordFailure(
    action: string,
    username: string,
    ip: string,
    credential: PasswordCredential | undefined,
  ): Promise<void> {
    this.logins.inc({ outcome: 'failed' });
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        action,
        actor: { kind: 'anonymous', name: username },
        subjectType: 'user',
        subjectId: credential?.user.id ?? 'unknown',
        outcome: 'failed',
        ip,
      }),
    );
  }

  private async raiseCost(credential: PasswordCredential, password: string): Promise<void> {
    if (!this.hasher.isOutdated(credential.hash, PASSWORD_COST)) return;
    const stronger = await this.hasher.hash(password, PASSWORD_COST);
    await this.users.rehash(credential.user.id, credential.hash, stronger);
  }
}
