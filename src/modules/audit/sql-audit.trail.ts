import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction } from '../../platform/database/database.js';
import { currentRequestContext } from '../../platform/observability/request-context.js';
import { AuditRepository, type AuditRow } from './audit.repository.js';
import { AuditTrail, type AuditEntry } from './audit.trail.js';

@Injectable()
export class SqlAuditTrail extends AuditTrail {
  constructor(
    private readonly entries: AuditRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async record(tx: Transaction, entry: AuditEntry): Promise<void> {
    const now = this.clock.now();
    await this.entries.insert(tx, {
      id: newId(now),
      at: new Date(now),
      action: entry.action,
      ...actorOf(entry.actor),
      subjectType: entry.subjectType,
      subjectId: entry.subjectId,
      environmentId: entry.environmentId ?? null,
      outcome: entry.outcome,
      details: entry.details ?? {},
      requestId: currentRequestContext()?.requestId ?? null,
      ip: entry.ip ?? null,
    });
  }
}

function actorOf(actor: AuditEntry['actor']): Pick<AuditRow, 'actorKind' | 'actorId' | 'actorName'> {
  if (actor === 'system') return { actorKind: 'system', actorId: null, actorName: 'system' };
  return { actorKind: actor.kind, actorId: 'id' in actor ? actor.id : null, actorName: actor.name };
}
