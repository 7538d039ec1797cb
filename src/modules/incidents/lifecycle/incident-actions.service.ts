import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { AuditTrail } from '../../audit/index.js';
import type { Incident } from '../data/incident.rows.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { IncidentAlreadyResolvedError, IncidentNotFoundError } from '../incidents.errors.js';
import { IncidentJournal, type Happening } from './incident-journal.js';

type Verb = 'acknowledge' | 'mitigate' | 'resolve';

/** What people do with incidents. Doing the same twice changes nothing, except that what is resolved says so. */
@Injectable()
export class IncidentActions {
  constructor(
    private readonly database: Database,
    private readonly repository: IncidentRepository,
    private readonly journal: IncidentJournal,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Someone is on it. The first one stays named; new evidence changes nothing about it. */
  async acknowledge(id: string, principal: Principal, note?: string): Promise<void> {
    await this.act('acknowledge', id, principal, note, async (tx, incident, now) => {
      if (incident.acknowledgedBy !== null) return undefined;
      const acknowledged = await this.repository.update(tx, id, {
        status: incident.status === 'open' ? 'acknowledged' : incident.status,
        acknowledgedBy: principal.name,
        acknowledgedAt: now,
        updatedAt: now,
      });
      await this.journal.note(tx, incident, 'acknowledged', `Acknowledged by ${principal.name}`, {}, principal.name);
      await this.journal.publish(tx, 'acknowledged', acknowledged);
      return { transition: 'acknowledged', incident: acknowledged };
    });
  }

  /** The harm is over, the cause is not. A new anomaly takes this back. */
  async mitigate(id: string, principal: Principal, note?: string): Promise<void> {
    await this.act('mitigate', id, principal, note, async (tx, incident, now) => {
      if (incident.status === 'mitigated') return undefined;
      const mitigated = await this.repository.update(tx, id, { status: 'mitigated', updatedAt: now });
      await this.journal.note(tx, incident, 'mitigated', `Called mitigated by ${principal.name}`, {}, principal.name);
      await this.journal.publish(tx, 'updated', mitigated);
      return { transition: 'mitigated', incident: mitigated };
    });
  }

  /** Over, whatever the series say: only a new anomaly calls again, and with a new incident. */
  async resolve(id: string, principal: Principal, note?: string): Promise<void> {
    await this.act('resolve', id, principal, note, async (tx, incident, now) => {
      const resolved = await this.repository.update(tx, id, {
        status: 'resolved',
        resolution: 'user',
        resolvedAt: now,
        resolvedBy: principal.name,
        updatedAt: now,
      });
      const running = incident.reach.some((reach) => reach.open > 0) ? ' while some of its anomalies still lasted' : '';
      await this.journal.note(tx, incident, 'resolved', `Resolved by ${principal.name}${running}`, {}, principal.name);
      await this.journal.publish(tx, 'resolved', resolved);
      return { transition: 'resolved_user', incident: resolved };
    });
  }

  private async act(
    verb: Verb,
    id: string,
    principal: Principal,
    note: string | undefined,
    work: (tx: Transaction, incident: Incident, now: Date) => Promise<Happening | undefined>,
  ): Promise<void> {
    const happening = await this.database.transaction(async (tx) => {
      const seen = await this.repository.get(tx, id);
      if (seen === undefined || (principal.environmentId ?? seen.environmentId) !== seen.environmentId) {
        throw new IncidentNotFoundError(id);
      }
      await this.repository.lockEnvironment(tx, seen.environmentId);
      const incident = await this.repository.get(tx, id);
      // Its environment may have been deleted while this waited for the lock.
      if (incident === undefined) throw new IncidentNotFoundError(id);
      if (incident.resolvedAt !== null) {
        const { number, resolvedAt, resolvedBy, resolution } = incident;
        throw new IncidentAlreadyResolvedError({ number, resolvedAt, resolvedBy, merged: resolution === 'merged' });
      }
      const done = await work(tx, incident, new Date(this.clock.now()));
      if (note) await this.journal.note(tx, incident, 'note', note, {}, principal.name);
      if (done !== undefined) {
        await this.audit.record(tx, {
          action: `incidents.${verb}`,
          actor: principal,
          subjectType: 'incident',
          subjectId: id,
          environmentId: incident.environmentId,
          outcome: 'allowed',
          details: {
            number: incident.number,
            from: incident.status,
            to: done.incident.status,
            ...(note ? { note } : {}),
          },
        });
      }
      return done;
    });
    if (happening !== undefined) this.journal.observe([happening]);
  }
}
