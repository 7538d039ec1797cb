import { Injectable } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { Database, type SqlParameter, type Transaction } from '../../../platform/database/database.js';
import type { Permission } from '../../../platform/http/access.js';
import { TokenEnvironmentNotFoundError } from '../auth.errors.js';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly lookup: string;
  readonly permissions: readonly Permission[];
  readonly environmentId: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface ApiTokenSecret extends ApiToken {
  readonly hash: string;
}

export interface NewApiToken extends Pick<
  ApiToken,
  'id' | 'name' | 'lookup' | 'permissions' | 'environmentId' | 'expiresAt'
> {
  readonly hash: string;
  readonly createdById: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}

const COLUMNS = `
  id, name, lookup, permissions, environment_id AS "environmentId", created_by_name AS "createdBy",
  created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`;

const FOREIGN_KEY_VIOLATION = '23503';

@Injectable()
export class ApiTokenRepository {
  constructor(private readonly db: Database) {}

  async insert(tx: Transaction, token: NewApiToken): Promise<void> {
    const values: SqlParameter[] = [
      token.id,
      token.name,
      token.lookup,
      token.hash,
      [...token.permissions],
      token.environmentId,
      token.createdById,
      token.createdBy,
      token.createdAt,
      token.expiresAt,
    ];
    try {
      await tx.query(
        `INSERT INTO auth_api_tokens
           (id, name, lookup, hash, permissions, environment_id, created_by, created_by_name, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        values,
      );
    } catch (error) {
      if (
        error instanceof QueryFailedError &&
        (error.driverError as { code?: string }).code === FOREIGN_KEY_VIOLATION
      ) {
        throw new TokenEnvironmentNotFoundError(token.environmentId!);
      }
      throw error;
    }
  }

  async byLookup(lookup: string): Promise<ApiTokenSecret | undefined> {
    const [row] = await this.db.query<ApiTokenSecret>(
      `SELECT ${COLUMNS}, hash FROM auth_api_tokens WHERE lookup = $1`,
      [lookup],
    );
    return row;
  }

  /** Newest first; only those of one environment where given. `after` is the sort key of the page before. */
  async list(
    limit: number,
    after: { readonly createdAt: string; readonly id: string } | undefined,
    environmentId: string | null,
  ): Promise<ApiToken[]> {
    return this.db.query<ApiToken>(
      `SELECT ${COLUMNS} FROM auth_api_tokens
       WHERE ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
         AND ($4::uuid IS NULL OR environment_id = $4::uuid)
       ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, after?.createdAt ?? null, after?.id ?? null, environmentId],
    );
  }

  /** False when there is no such token (within the environment, where given). Revoking twice changes nothing. */
  async revoke(tx: Transaction, id: string, environmentId: string | null, at: Date): Promise<boolean> {
    // An UPDATE's rows come back differently through typeorm than a SELECT's: hence the common table expression.
    const rows: unknown[] = await tx.query(
      `WITH revoked AS (
         UPDATE auth_api_tokens SET revoked_at = coalesce(revoked_at, $3)
         WHERE id = $1 AND ($2::uuid IS NULL OR environment_id = $2::uuid) RETURNING id)
       SELECT id FROM revoked`,
      [id, environmentId, at],
    );
    return rows.length > 0;
  }

  async touch(id: string, at: Date): Promise<void> {
    await this.db.query(
      `UPDATE auth_api_tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)`,
      [id, at],
    );
  }
}
