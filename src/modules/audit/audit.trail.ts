import type { Transaction } from '../../platform/database/database.js';
import type { Principal } from '../../platform/http/access.js';

export interface AuditEntry {
  /** `incidents.acknowledge`, `auth.login`. */
  readonly action: string;
  readonly actor: Principal | 'system' | { readonly kind: 'anonymous'; readonly name: string };
  /** `incident`, `api-token`, ... and its id. */
  readonly subjectType: string;
  readonly subjectId: string;
  readonly environmentId?: string;
  readonly outcome: 'allowed' | 'denied' | 'failed';
  /** Address the request came from, where it matters (logins). */
  readonly ip?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Who did what. Written in the transaction of the change, so that neither exists without the other. */
export abstract class AuditTrail {
  abstract record(tx: Transaction, entry: AuditEntry): Promise<void>;
}
