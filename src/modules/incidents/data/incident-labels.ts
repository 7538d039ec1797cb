import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TimeRange } from '../../../kernel/time-series.js';
import { Database } from '../../../platform/database/database.js';
import { LabelSources, type LabelledStretch, type LabelSource } from '../../anomaly-detection/index.js';

interface ConfirmedIncident {
  readonly id: string;
  readonly title: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly service: string | null;
}

/** Incidents that a person acknowledged, mitigated or resolved, as score cards take them: something was wrong then. */
@Injectable()
export class IncidentLabels implements LabelSource, OnModuleInit {
  readonly name = 'incidents' as const;

  constructor(
    private readonly database: Database,
    private readonly sources: LabelSources,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  /** From the first evidence to the end of the last; one that has not ended lasts to the end of the range. */
  async labels(environmentId: string, range: TimeRange): Promise<readonly LabelledStretch[]> {
    const rows = await this.database.read<ConfirmedIncident>(
      `SELECT i.id, i.title, i.started_at AS "startedAt", i.shared_labels ->> 'service' AS service,
         (SELECT CASE WHEN bool_and(e.ended_at IS NOT NULL) THEN max(e.ended_at) END
          FROM incidents_evidence e WHERE e.incident_id = i.id) AS "endedAt"
       FROM incidents_incidents i
       WHERE i.environment_id = $1 AND i.started_at < $2 AND (i.resolved_at IS NULL OR i.resolved_at > $3)
         AND (i.acknowledged_by IS NOT NULL OR i.status = 'mitigated' OR i.resolution = 'user')
       ORDER BY i.started_at LIMIT 10000`,
      [environmentId, new Date(range.to), new Date(range.from)],
    );
    return rows.flatMap(({ id, title, startedAt, endedAt, service }) => {
      const from = startedAt.getTime();
      const to = endedAt?.getTime() ?? range.to;
      if (to <= Math.max(from, range.from)) return [];
      const services = service === null ? null : [service];
      return [{ id, kind: 'incident', where: title, from, to, harmedAt: from, services, branch: null }];
    });
  }
}
