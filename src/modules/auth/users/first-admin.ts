import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { newId } from '../../../kernel/ids.js';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { FirstRunNotice } from '../../../platform/registry/first-run-notice.js';
import { AuditTrail } from '../../audit/index.js';
import { authConfig } from '../auth.config.js';
import { PASSWORD_COST, ScryptHasher } from '../passwords/scrypt-hasher.js';
import { SessionService } from '../sessions/session.service.js';
import { UserRepository } from './user.repository.js';

const LOCK = 'auth.first-admin';

/**
 * Creates the first administrator when there is no user at all, once for all pods. A random password goes to the
 * start banner of the process that made it and nowhere else; whoever missed it configures `auth.adminPassword`, which
 * replaces a random password that nobody has changed yet.
 */
@Injectable()
export class FirstAdmin extends FirstRunNotice implements OnApplicationBootstrap {
  private readonly logger = new Logger(FirstAdmin.name);
  private readonly lines: string[] = [];

  constructor(
    @InjectConfig(authConfig) private readonly config: ConfigOf<typeof authConfig>,
    private readonly db: Database,
    private readonly users: UserRepository,
    private readonly hasher: ScryptHasher,
    private readonly sessions: SessionService,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  override notices(): readonly string[] {
    return this.lines;
  }

  async onApplicationBootstrap(): Promise<void> {
    const username = this.config.adminUsername;
    const configured = this.config.adminPassword;
    const existing = await this.users.credentialByUsername(username);
    if (existing) {
      if (existing.generated && configured !== undefined) await this.replaceGenerated(existing.user.id, configured);
      return;
    }
    if (await this.db.transaction((tx) => this.users.hasUsers(tx))) return;
    const password = configured ?? randomBytes(18).toString('base64url');
    // Hashing takes longer than the lock should be held.
    const hash = await this.hasher.hash(password, PASSWORD_COST);
    const created = await this.db.transaction((tx) => this.create(tx, username, hash, configured === undefined));
    if (!created) return;
    this.logger.log({ msg: 'created the first administrator', username });
    this.lines.push(
      configured === undefined
        ? `administrator ${username}, password ${password} (shown only this once)`
        : `administrator ${username}, password as configured in auth.adminPassword`,
    );
  }

  private async create(tx: Transaction, username: string, hash: string, generated: boolean): Promise<boolean> {
    await this.db.lock(tx, LOCK);
    if (await this.users.hasUsers(tx)) return false;
    const user = { id: newId(), username, role: 'admin' } as const;
    await this.users.insert(tx, user, hash, generated);
    await this.audit.record(tx, {
      action: 'auth.create-first-admin',
      actor: 'system',
      subjectType: 'user',
      subjectId: user.id,
      outcome: 'allowed',
      details: { username, passwordFrom: generated ? 'random' : 'configuration' },
    });
    return true;
  }

  private async replaceGenerated(userId: string, password: string): Promise<void> {
    const hash = await this.hasher.hash(password, PASSWORD_COST);
    await this.db.transaction(async (tx) => {
      await this.users.setPassword(tx, userId, hash);
      await this.sessions.endOthers(tx, userId, null);
      await this.audit.record(tx, {
        action: 'auth.change-password',
        actor: 'system',
        subjectType: 'user',
        subjectId: userId,
        outcome: 'allowed',
        details: { passwordFrom: 'configuration' },
      });
    });
    this.sessions.forgetRemembered();
    this.logger.log({ msg: 'replaced the random password of the first administrator by the configured one' });
  }
}
