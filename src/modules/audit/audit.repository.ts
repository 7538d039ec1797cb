import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.js';

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly actorKind: 'user' | 'api-token' | 'system' | 'anonymous';
  readonly actorId: string | null;
  readonly actorName: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly environmentId: string | null;
  readonly outcome: 'allowed' | 'denied' | 'failed';
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
  readonly ip: string | null;
}

export interface AuditFilter {
  readonly action?: string;
  readonly subjectType?: string;
  readonly subjectId?: string;
}

const COLUMNS = `
  id, at, action, actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName",
  subject_type AS "subjectType", subject_id AS "subjectId", environment_id AS "environmentId", outcome, details,
  request_id AS "requestId", ip`;

@Injectable()
export class AuditRepository {
  constructor(private readonly db: Database) {}

  async insert(tx: Transaction, row: AuditRow): Promise<void> {
    await tx.query(
      `INSERT INTO audit_entries
         (id, at, action, actor_kind, actor_id, actor_name, subject_type, subject_id, environment_id, outcome, details,
          request_id, ip)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13)`,
      [
        row.id,
        row.at,
        row.action,
        row.actorKind,
        row.actorId,
        row.actorName,
        row.subjectType,
        row.subjectId,
        row.environmentId,
        row.outcome,
        JSON.stringify(row.details),
        row.requestId,
        row.ip,
      ],
    );
  }

  /** Newest first. `after` is the sort key of the last entry of the page before. */
  async list(
    limit: number,
    filter: AuditFilter,
    after: { readonly at: string; readonly id: string } | undefined,
  ): Promise<AuditRow[]> {
    return this.db.query<AuditRow>(
      `SELECT ${COLUMNS} FROM audit_entries
       WHERE ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR subject_type = $3)
         AND ($4::text IS NULL OR subject_id = $4)
         AND ($5::timestamptz IS NULL OR (at, id) < ($5::timestamptz, $6::uuid))
       ORDER BY at DESC, id DESC LIMIT $1`,
      [
        limit,
        filter.action ?? null,
        filter.subjectType ?? null,
        filter.subjectId ?? null,
        after?.at ?? null,
        after?.id ?? null,
      ],
    );
  }

  async deleteBefore(before: Date): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The table's trigger refuses every deletion but that of a transaction which says this.
      await tx.query(`SET LOCAL dsim.audit_retention = 'on'`);
      await tx.query(`DELETE FROM audit_entries WHERE at < $1`, [before]);
    });
  }
}
