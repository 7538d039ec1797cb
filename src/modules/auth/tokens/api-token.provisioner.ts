import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import type { Permission } from '../../../platform/http/access.js';
import { AuditTrail } from '../../audit/index.js';
import { ProvisionedTokenConflictError } from '../auth.errors.js';
import { ScryptHasher, TOKEN_COST } from '../passwords/scrypt-hasher.js';
import { parseApiToken } from './api-token.format.js';
import { ApiTokenRepository } from './api-token.repository.js';

export interface ProvisionedToken {
  /** The whole token, in our format. */
  readonly token: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly environmentId: string;
}

/** Nobody in particular created it: the configuration did. */
const CONFIGURATION = { createdById: '00000000-0000-0000-0000-000000000000', createdBy: 'configuration' } as const;

/**
 * Lets the configuration bring an API token along, so that a Prometheus can be connected by files alone. Idempotent,
 * on any number of pods. A token that a person revoked stays revoked.
 */
@Injectable()
export class ApiTokenProvisioner {
  private readonly logger = new Logger(ApiTokenProvisioner.name);

  constructor(
    private readonly db: Database,
    private readonly tokens: ApiTokenRepository,
    private readonly hasher: ScryptHasher,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.provisioned_token_conflict` where the public part is another token's. */
  async ensure({ token, ...request }: ProvisionedToken): Promise<void> {
    const parts = parseApiToken(token);
    if (!parts) throw new ProvisionedTokenConflictError(request.name);
    if (await this.isKnown(parts.lookup, parts.secret, request.name)) return;
    const hash = await this.hasher.hash(parts.secret, TOKEN_COST);
    const createdAt = new Date(this.clock.now());
    const row = { ...request, ...CONFIGURATION, id: newId(createdAt.getTime()), lookup: parts.lookup, hash, createdAt };
    const created = await this.db.transaction(async (tx) => {
      await this.db.lock(tx, 'auth.provision-api-token');
      if (await this.tokens.byLookup(parts.lookup)) return false;
      await this.tokens.insert(tx, { ...row, expiresAt: null });
      await this.audit.record(tx, {
        action: 'auth.create-api-token',
        actor: 'system',
        subjectType: 'api-token',
        subjectId: row.id,
        environmentId: request.environmentId,
        outcome: 'allowed',
        details: { name: request.name, permissions: request.permissions, from: 'configuration' },
      });
      return true;
    });
    if (created) this.logger.log({ msg: 'created the API token of the configuration', name: request.name });
  }

  private async isKnown(lookup: string, secret: string, name: string): Promise<boolean> {
    const known = await this.tokens.byLookup(lookup);
    if (!known) return false;
    if (!(await this.hasher.verify(secret, known.hash))) throw new ProvisionedTokenConflictError(name);
    if (known.revokedAt) this.logger.warn({ msg: 'the API token of the configuration was revoked', name });
    return true;
  }
}
