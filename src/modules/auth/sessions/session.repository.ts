import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { User } from '../users/user.repository.js';
import type { RoleName } from '../users/roles.js';

export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly ip: string | null;
}

@Injectable()
export class SessionRepository {
  constructor(private readonly db: Database) {}

  async insert(tx: Transaction, session: SessionRow): Promise<void> {
    await tx.query(`INSERT INTO auth_sessions (id, user_id, created_at, expires_at, ip) VALUES ($1, $2, $3, $4, $5)`, [
      session.id,
      session.userId,
      session.createdAt,
      session.expiresAt,
      session.ip,
    ]);
  }

  /** Whose session it is, while neither it is revoked nor the user disabled. */
  async activeUser(sessionId: string, userId: string): Promise<User | undefined> {
    const [row] = await this.db.query<{ id: string; username: string; role: RoleName }>(
      `SELECT u.id, u.username, u.role FROM auth_sessions s JOIN auth_users u ON u.id = s.user_id
       WHERE s.id = $1 AND u.id = $2 AND s.revoked_at IS NULL AND u.disabled_at IS NULL`,
      [sessionId, userId],
    );
    return row;
  }

  async revoke(tx: Transaction, sessionId: string): Promise<void> {
    await tx.query(`UPDATE auth_sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL`, [sessionId]);
  }

  async revokeOthers(tx: Transaction, userId: string, keptSessionId: string | null): Promise<void> {
    await tx.query(
      `UPDATE auth_sessions SET revoked_at = now()
       WHERE user_id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR id <> $2::uuid)`,
      [userId, keptSessionId],
    );
  }

  /** Sessions nobody can use any more, and failed logins everybody has forgotten. */
  async purge(before: Date): Promise<void> {
    await this.db.query(`DELETE FROM auth_sessions WHERE expires_at < $1 OR revoked_at < $1`, [before]);
    await this.db.query(`DELETE FROM auth_login_throttles WHERE last_attempt_at < $1`, [before]);
  }
}
