import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { Database } from '../../../platform/database/database.js';
import { authConfig } from '../auth.config.js';
import { LoginLockedError } from '../auth.errors.js';

interface Limit {
  readonly key: string;
  readonly freeAttempts: number;
  readonly maxDelaySeconds: number;
}

/** Attempts are forgotten after this long without another one. */
const MEMORY_MS = 86_400_000;

/**
 * Slows guessing down. An attempt is counted before the password is looked at, in one statement, so that a burst of
 * parallel tries cannot slip through; success takes it back. Kept in the database: all pods count together.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    @InjectConfig(authConfig) private readonly config: ConfigOf<typeof authConfig>,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.login_locked` while the user must wait. */
  async attempt(username: string, ip: string): Promise<void> {
    for (const limit of this.limits(username, ip)) await this.count(limit);
  }

  async succeeded(username: string, ip: string): Promise<void> {
    const [pair, ...wider] = this.limits(username, ip);
    await this.db.query(`DELETE FROM auth_login_throttles WHERE key = $1`, [pair!.key]);
    // Others may be guessing at the same time: only this attempt is taken back, not theirs.
    await this.db.query(
      `UPDATE auth_login_throttles SET attempts = greatest(attempts - 1, 0), locked_until = NULL WHERE key = ANY($1)`,
      [wider.map((limit) => limit.key)],
    );
  }

  /**
   * One user from one address; one address over all users (password spraying); one user over all addresses (a
   * botnet), where the delay stays short because anybody could lock the real user out with it.
   */
  private limits(username: string, ip: string): readonly Limit[] {
    const { freeLoginAttempts: free, maxLoginDelaySeconds: longest } = this.config;
    const name = username.toLowerCase();
    return [
      { key: `user+address ${ip} ${name}`, freeAttempts: free, maxDelaySeconds: longest },
      { key: `address ${ip}`, freeAttempts: free * 6, maxDelaySeconds: longest },
      { key: `user ${name}`, freeAttempts: free * 20, maxDelaySeconds: Math.min(longest, 30) },
    ];
  }

  private async count(limit: Limit): Promise<void> {
    const now = new Date(this.clock.now());
    const forgotten = new Date(now.getTime() - MEMORY_MS);
    // No row comes back while the key is locked: the WHERE of the upsert refuses it.
    const counted = await this.db.query<{ attempts: number }>(
      `INSERT INTO auth_login_throttles AS t (key, attempts, last_attempt_at, locked_until) VALUES ($1, 1, $2, NULL)
       ON CONFLICT (key) DO UPDATE SET
         attempts = CASE WHEN t.last_attempt_at < $3 THEN 1 ELSE t.attempts + 1 END,
         last_attempt_at = $2,
         locked_until = CASE WHEN t.last_attempt_at < $3 OR t.attempts < $4 THEN NULL
           ELSE $2::timestamptz + make_interval(secs => least($5::float8, power(2, least(t.attempts - $4, 30)))) END
       WHERE t.locked_until IS NULL OR t.locked_until <= $2
       RETURNING attempts`,
      [limit.key, now, forgotten, limit.freeAttempts, limit.maxDelaySeconds],
    );
    if (counted.length > 0) return;
    const [row] = await this.db.query<{ locked_until: Date }>(
      `SELECT locked_until FROM auth_login_throttles WHERE key = $1 AND locked_until > $2`,
      [limit.key, now],
    );
    throw new LoginLockedError(row ? Math.max(1, Math.ceil((row.locked_until.getTime() - now.getTime()) / 1000)) : 1);
  }
}
