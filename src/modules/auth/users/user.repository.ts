import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { RoleName } from './roles.js';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly role: RoleName;
}

export interface PasswordCredential {
  readonly user: User;
  readonly disabled: boolean;
  readonly hash: string;
  /** True while it is the random password of the first start. */
  readonly generated: boolean;
}

interface Row {
  id: string;
  username: string;
  role: RoleName;
  disabled: boolean;
  hash: string;
  generated: boolean;
}

const SELECT = `
  SELECT u.id, u.username, u.role, u.disabled_at IS NOT NULL AS disabled, p.hash, p.generated
  FROM auth_users u JOIN auth_password_credentials p ON p.user_id = u.id`;

@Injectable()
export class UserRepository {
  constructor(private readonly db: Database) {}

  /** Usernames do not differ by case. */
  async credentialByUsername(username: string): Promise<PasswordCredential | undefined> {
    return this.first(`${SELECT} WHERE lower(u.username) = lower($1)`, username);
  }

  async credentialById(userId: string): Promise<PasswordCredential | undefined> {
    return this.first(`${SELECT} WHERE u.id = $1`, userId);
  }

  async hasUsers(tx: Transaction): Promise<boolean> {
    const rows: unknown[] = await tx.query(`SELECT 1 FROM auth_users LIMIT 1`);
    return rows.length > 0;
  }

  async insert(tx: Transaction, user: User, hash: string, generated: boolean): Promise<void> {
    await tx.query(`INSERT INTO auth_users (id, username, role) VALUES ($1, $2, $3)`, [
      user.id,
      user.username,
      user.role,
    ]);
    await tx.query(`INSERT INTO auth_password_credentials (user_id, hash, generated) VALUES ($1, $2, $3)`, [
      user.id,
      hash,
      generated,
    ]);
  }

  async setPassword(tx: Transaction, userId: string, hash: string): Promise<void> {
    await tx.query(
      `UPDATE auth_password_credentials SET hash = $2, generated = false, changed_at = now() WHERE user_id = $1`,
      [userId, hash],
    );
  }

  /** Stores the same password at today's cost, unless it was changed in the meantime. */
  async rehash(userId: string, oldHash: string, newHash: string): Promise<void> {
    await this.db.query(`UPDATE auth_password_credentials SET hash = $3 WHERE user_id = $1 AND hash = $2`, [
      userId,
      oldHash,
      newHash,
    ]);
  }

  private async first(sql: string, parameter: string): Promise<PasswordCredential | undefined> {
    const [row] = await this.db.query<Row>(sql, [parameter]);
    if (!row) return undefined;
    const user = { id: row.id, username: row.username, role: row.role };
    return { user, disabled: row.disabled, hash: row.hash, generated: row.generated };
  }
}
