import { Injectable } from '@nestjs/common';
import { formatSeries } from '../../../kernel/time-series.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { IncidentsReader, type IncidentSnapshot } from '../incidents.reader.js';
import {
  type Evidence,
  EVIDENCE_COLUMNS,
  type Incident,
  INCIDENT_COLUMNS,
  rowsOf,
  type SqlValue,
} from './incident.rows.js';

/** How much evidence travels in events and lists; the detail has the rest. */
const SNAPSHOT_EVIDENCE = 10;

type Ask = <Row extends object>(sql: string, parameters: readonly SqlValue[]) => Promise<Row[]>;

/** Incidents as others see them: in events, in lists, in notifications. */
@Injectable()
export class IncidentSnapshots extends IncidentsReader {
  constructor(
    private readonly database: Database,
    private readonly environments: EnvironmentsReader,
  ) {
    super();
  }

  override async active(resolvedSince: Date): Promise<readonly IncidentSnapshot[]> {
    const ask: Ask = (sql, parameters) => this.database.query(sql, parameters);
    const incidents = await ask<Incident>(
      `SELECT ${INCIDENT_COLUMNS} FROM incidents_incidents i
       WHERE i.status <> 'resolved' OR i.resolved_at > $1 ORDER BY i.number`,
      [resolvedSince],
    );
    return this.complete(ask, incidents);
  }

  override async find(incidentId: string): Promise<IncidentSnapshot | undefined> {
    const ask: Ask = (sql, parameters) => this.database.query(sql, parameters);
    const incidents = await ask<Incident>(`SELECT ${INCIDENT_COLUMNS} FROM incidents_incidents i WHERE i.id = $1`, [
      incidentId,
    ]);
    const [snapshot] = await this.complete(ask, incidents);
    return snapshot;
  }

  /** As the transaction sees them, in the same order. */
  async inTransaction(tx: Transaction, incidents: readonly Incident[]): Promise<IncidentSnapshot[]> {
    return this.complete((sql, parameters) => rowsOf(tx, sql, parameters), incidents);
  }

  /** From a read replica where there is one. */
  async forList(incidents: readonly Incident[]): Promise<IncidentSnapshot[]> {
    return this.complete((sql, parameters) => this.database.read(sql, parameters), incidents);
  }

  private async complete(ask: Ask, incidents: readonly Incident[]): Promise<IncidentSnapshot[]> {
    if (incidents.length === 0) return [];
    const ids = incidents.map((incident) => incident.id);
    const counts = await ask<{ id: string; count: number }>(
      `SELECT incident_id AS id, count(*)::int AS count FROM incidents_evidence WHERE incident_id = ANY($1::uuid[])
       GROUP BY incident_id`,
      [ids],
    );
    const evidence = await ask<Evidence>(
      `SELECT ${EVIDENCE_COLUMNS} FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
         SELECT * FROM incidents_evidence WHERE incident_id = wanted.id ORDER BY score DESC, anomaly_id LIMIT ${SNAPSHOT_EVIDENCE}
       ) e ORDER BY e.score DESC, e.anomaly_id`,
      [ids],
    );
    const countOf = new Map(counts.map((row) => [row.id, row.count]));
    const evidenceOf = new Map(incidents.map((incident) => [incident.id, [] as Evidence[]]));
    for (const item of evidence) evidenceOf.get(item.incidentId)!.push(item);
    const names = await this.environmentNames(incidents);
    return incidents.map((incident) => ({
      ...facts(incident, names.get(incident.environmentId) ?? incident.environmentId),
      anomalyCount: countOf.get(incident.id) ?? 0,
      evidence: evidenceOf.get(incident.id)!.map(evidenceFacts),
    }));
  }

  private async environmentNames(incidents: readonly Incident[]): Promise<Map<string, string>> {
    const ids = [...new Set(incidents.map((incident) => incident.environmentId))];
    const found = await Promise.all(ids.map((id) => this.environments.find(id)));
    return new Map(found.flatMap((environment) => (environment ? [[environment.id, environment.name] as const] : [])));
  }
}

function facts(incident: Incident, environmentName: string): Omit<IncidentSnapshot, 'anomalyCount' | 'evidence'> {
  return {
    incidentId: incident.id,
    number: incident.number,
    environmentId: incident.environmentId,
    environmentName,
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    sharedLabels: { ...incident.sharedLabels },
    startedAt: incident.startedAt.toISOString(),
    updatedAt: incident.updatedAt.toISOString(),
    acknowledgedBy: incident.acknowledgedBy,
    resolvedAt: incident.resolvedAt?.toISOString() ?? null,
    resolution: incident.resolution,
    mergedInto: incident.mergedInto,
  };
}

export function evidenceFacts(evidence: Evidence): IncidentSnapshot['evidence'][number] {
  return {
    anomalyId: evidence.anomalyId,
    seriesId: evidence.seriesId,
    series: formatSeries(evidence.labels),
    value: evidence.value,
    yhat: evidence.yhat,
    yhatLower: evidence.yhatLower,
    yhatUpper: evidence.yhatUpper,
    score: evidence.score,
    startedAt: evidence.startedAt.toISOString(),
    endedAt: evidence.endedAt?.toISOString() ?? null,
  };
}
