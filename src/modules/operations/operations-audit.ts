import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Principal } from '../../platform/http/access.js';
import { AuditTrail } from '../audit/index.js';

@Injectable()
export class OperationsAudit {
  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
  ) {}

  /** Before the change is made: what is not on record does not happen. */
  record(
    actor: Principal,
    action: string,
    subject: { readonly type: string; readonly id: string },
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    return this.database.transaction((tx) =>
      this.trail.record(tx, {
        action,
        actor,
        subjectType: subject.type,
        subjectId: subject.id,
        outcome: 'allowed',
        details,
      }),
    );
  }
}
