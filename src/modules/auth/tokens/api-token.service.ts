import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import type { Page } from '../../../kernel/page.js';
import { Database } from '../../../platform/database/database.js';
import type { Permission, Principal } from '../../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { AuditTrail } from '../../audit/index.js';
import { assertEnvironmentAccess } from '../access/environment-access.js';
import { ApiTokenNotFoundError, PermissionNotGrantableError, TokenExpiryPastError } from '../auth.errors.js';
import { ScryptHasher, TOKEN_COST } from '../passwords/scrypt-hasher.js';
import { ENVIRONMENT_PERMISSIONS, USER_GRANTED_PERMISSIONS } from '../users/roles.js';
import { formatApiToken, generateApiToken } from './api-token.format.js';
import { ApiTokenRepository, type ApiToken } from './api-token.repository.js';
import { ApiTokenVerifier } from './api-token.verifier.js';

export interface ApiTokenRequest {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly environmentId: string | null;
  readonly expiresAt: Date | null;
}

export interface CreatedApiToken extends ApiToken {
  /** Never readable again. */
  readonly token: string;
}

const cursorKey = z.tuple([cursorPart.time, cursorPart.id]);

@Injectable()
export class ApiTokenService {
  constructor(
    private readonly db: Database,
    private readonly tokens: ApiTokenRepository,
    private readonly verifier: ApiTokenVerifier,
    private readonly hasher: ScryptHasher,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list(principal: Principal, limit: number, cursor?: string): Promise<Page<ApiToken>> {
    const found = await this.tokens.list(
      limit + 1,
      cursor === undefined ? undefined : keyOf(cursor),
      principal.environmentId,
    );
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = found.length > limit && last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null;
    return { items, nextCursor };
  }

  async create(principal: Principal, request: ApiTokenRequest): Promise<CreatedApiToken> {
    const now = new Date(this.clock.now());
    if (request.expiresAt && request.expiresAt <= now) throw new TokenExpiryPastError();
    assertGrantable(principal, request);
    const parts = generateApiToken();
    const hash = await this.hasher.hash(parts.secret, TOKEN_COST);
    const token = {
      ...request,
      permissions: [...new Set(request.permissions)],
      id: newId(now.getTime()),
      lookup: parts.lookup,
      createdBy: principal.name,
      createdAt: now,
    };
    await this.db.transaction(async (tx) => {
      await this.tokens.insert(tx, { ...token, hash, createdById: principal.id });
      await this.audit.record(tx, {
        action: 'auth.create-api-token',
        actor: principal,
        subjectType: 'api-token',
        subjectId: token.id,
        ...(token.environmentId === null ? {} : { environmentId: token.environmentId }),
        outcome: 'allowed',
        details: {
          name: token.name,
          permissions: token.permissions,
          expiresAt: token.expiresAt?.toISOString() ?? null,
        },
      });
    });
    return { ...token, lastUsedAt: null, revokedAt: null, token: formatApiToken(parts) };
  }

  /** Other processes may honour the token for `auth.apiTokenCacheSeconds` more. */
  async revoke(principal: Principal, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const found = await this.tokens.revoke(tx, id, principal.environmentId, new Date(this.clock.now()));
      if (!found) throw new ApiTokenNotFoundError(id);
      await this.audit.record(tx, {
        action: 'auth.revoke-api-token',
        actor: principal,
        subjectType: 'api-token',
        subjectId: id,
        outcome: 'allowed',
      });
    });
    this.verifier.forgetRemembered();
  }
}

function assertGrantable(principal: Principal, request: ApiTokenRequest): void {
  if (principal.environmentId !== null) assertEnvironmentAccess(principal, request.environmentId);
  refuse(
    request,
    (name) => !principal.permissions.has(name),
    'whoever creates a token can only pass on what they may do',
  );
  if (principal.kind === 'api-token') {
    refuse(request, (name) => USER_GRANTED_PERMISSIONS.has(name), 'only a person who is logged in can grant it');
  }
  if (request.environmentId !== null) {
    refuse(
      request,
      (name) => !ENVIRONMENT_PERMISSIONS.has(name),
      'it reaches beyond one environment, to which this token would be bound',
    );
  }
}

function refuse(request: ApiTokenRequest, isRefused: (name: Permission) => boolean, reason: string): void {
  const refused = request.permissions.filter(isRefused);
  if (refused.length > 0) throw new PermissionNotGrantableError(refused, reason);
}

function keyOf(cursor: string): { createdAt: string; id: string } {
  const [createdAt, id] = readCursor(cursor, cursorKey);
  return { createdAt, id };
}
