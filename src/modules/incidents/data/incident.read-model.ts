import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Page } from '../../../kernel/page.js';
import { Database } from '../../../platform/database/database.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { IncidentNotFoundError } from '../incidents.errors.js';
import type { IncidentSnapshot } from '../incidents.reader.js';
import {
  type Evidence,
  EVIDENCE_COLUMNS,
  type Incident,
  INCIDENT_COLUMNS,
  type SqlValue,
  type TimelineEntry,
} from './incident.rows.js';
import { IncidentSnapshots } from './incident.snapshots.js';

const DETAIL_LIMIT = 1_000;
const cursorKey = z.tuple([cursorPart.integer]);

export interface IncidentFilter {
  readonly environmentId?: string;
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

export interface IncidentRecord {
  readonly incident: Incident;
  readonly snapshot: IncidentSnapshot;
  readonly evidence: readonly Evidence[];
  readonly timeline: readonly Required<TimelineEntry>[];
}

/** Lists and details for the API. */
@Injectable()
export class IncidentReadModel {
  constructor(
    private readonly database: Database,
    private readonly snapshots: IncidentSnapshots,
  ) {}

  /** Newest first, by number. */
  async page(filter: IncidentFilter): Promise<Page<IncidentSnapshot>> {
    const before = filter.cursor === undefined ? null : readCursor(filter.cursor, cursorKey)[0];
    const incidents = await this.database.read<Incident>(
      `SELECT ${INCIDENT_COLUMNS} FROM incidents_incidents i
       WHERE ($1::uuid IS NULL OR i.environment_id = $1)
         AND ($2::text[] IS NULL OR i.status = ANY($2))
         AND ($3::text[] IS NULL OR i.severity = ANY($3))
         AND ($4::int IS NULL OR i.number < $4)
       ORDER BY i.number DESC LIMIT $5`,
      [filter.environmentId ?? null, filter.status ?? null, filter.severity ?? null, before, filter.limit + 1],
    );
    const items = await this.snapshots.forList(incidents.slice(0, filter.limit));
    const last = items.at(-1);
    return { items, nextCursor: incidents.length > filter.limit && last ? encodeCursor([last.number]) : null };
  }

  /** On the primary: people read it right after they changed it. `environmentId` bounds what the caller may see. */
  async detail(id: string, environmentId: string | null): Promise<IncidentRecord> {
    const ask = <Row extends object>(sql: string, ...parameters: SqlValue[]) =>
      this.database.query<Row>(sql, parameters);
    const [incident] = await ask<Incident>(
      `SELECT ${INCIDENT_COLUMNS} FROM incidents_incidents i WHERE i.id = $1 AND ($2::uuid IS NULL OR i.environment_id = $2)`,
      id,
      environmentId,
    );
    const snapshot = incident && (await this.snapshots.find(id));
    if (incident === undefined || snapshot === undefined) throw new IncidentNotFoundError(id);
    const [evidence, timeline] = await Promise.all([
      ask<Evidence>(
        `SELECT ${EVIDENCE_COLUMNS} FROM incidents_evidence e WHERE e.incident_id = $1
         ORDER BY e.score DESC, e.anomaly_id LIMIT ${DETAIL_LIMIT}`,
        id,
      ),
      ask<Required<TimelineEntry>>(
        `SELECT at, kind, actor, text, data FROM incidents_timeline WHERE incident_id = $1 ORDER BY id DESC LIMIT ${DETAIL_LIMIT}`,
        id,
      ),
    ]);
    return { incident, snapshot, evidence, timeline: timeline.reverse() };
  }
}
