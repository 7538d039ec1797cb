import { Injectable } from '@nestjs/common';
import type { IncidentState, Reach } from '../../../engine/correlation/correlation.types.js';
import type { TopicSummary } from '../../../engine/correlation/topics.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import {
  type Evidence,
  EVIDENCE_COLUMNS,
  type Incident,
  INCIDENT_COLUMNS,
  rowsOf,
  type SqlValue,
  type TimelineEntry,
} from './incident.rows.js';

/** What an update may set; the rest of an incident never changes. */
export type IncidentChange = Partial<Omit<Incident, 'id' | 'number' | 'environmentId' | 'openedAt'>>;

const COLUMN_OF: Readonly<Record<keyof IncidentChange, string>> = {
  status: 'status',
  severity: 'severity',
  severityReasons: 'severity_reasons',
  title: 'title',
  sharedLabels: 'shared_labels',
  reach: 'reach',
  startedAt: 'started_at',
  updatedAt: 'updated_at',
  acknowledgedBy: 'acknowledged_by',
  acknowledgedAt: 'acknowledged_at',
  resolvedBy: 'resolved_by',
  resolvedAt: 'resolved_at',
  resolution: 'resolution',
  mergedInto: 'merged_into',
};

/** Incidents as they are changed. Every method runs in a transaction that holds the lock of the environment. */
@Injectable()
export class IncidentRepository {
  constructor(private readonly database: Database) {}

  /**
   * Serialises all changes of one environment's incidents until the transaction ends, so that two deliveries cannot
   * open two incidents for one problem.
   */
  async lockEnvironment(tx: Transaction, environmentId: string): Promise<void> {
    await this.database.lock(tx, `incidents.environment.${environmentId}`);
  }

  async get(tx: Transaction, id: string): Promise<Incident | undefined> {
    const [row] = await rowsOf<Incident>(tx, `SELECT ${INCIDENT_COLUMNS} FROM incidents_incidents i WHERE i.id = $1`, [
      id,
    ]);
    return row;
  }

  /** Active incidents of the environment, and those resolved since. Those that were merged away are over for good. */
  async states(tx: Transaction, environmentId: string, resolvedSince: Date): Promise<IncidentState[]> {
    const rows = await rowsOf<
      Pick<Incident, 'id' | 'number' | 'resolvedAt' | 'reach'> & Pick<IncidentState, 'resolution'>
    >(
      tx,
      `SELECT i.id, i.number, i.resolved_at AS "resolvedAt", i.resolution, i.reach FROM incidents_incidents i
       WHERE i.environment_id = $1
         AND (i.status <> 'resolved' OR (i.resolved_at >= $2 AND i.resolution IN ('calm', 'user')))`,
      [environmentId, resolvedSince],
    );
    return rows.map((row) => ({ ...row, resolvedAt: row.resolvedAt?.getTime() ?? null }));
  }

  /** What `judgeCalm` needs of every active incident, on the primary. */
  async activeReaches(): Promise<readonly { id: string; environmentId: string; reach: readonly Reach[] }[]> {
    return this.database.query(
      `SELECT i.id, i.environment_id AS "environmentId", i.reach FROM incidents_incidents i WHERE i.status <> 'resolved'
       ORDER BY i.number`,
    );
  }

  async insert(
    tx: Transaction,
    incident: Pick<
      Incident,
      | 'id'
      | 'environmentId'
      | 'severity'
      | 'severityReasons'
      | 'title'
      | 'sharedLabels'
      | 'reach'
      | 'startedAt'
      | 'openedAt'
    >,
  ): Promise<Incident> {
    const [row] = await rowsOf<Incident>(
      tx,
      `INSERT INTO incidents_incidents AS i (id, environment_id, status, severity, severity_reasons, title, shared_labels,
         reach, started_at, opened_at, updated_at)
       VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9, $9) RETURNING ${INCIDENT_COLUMNS}`,
      [
        incident.id,
        incident.environmentId,
        incident.severity,
        JSON.stringify(incident.severityReasons),
        incident.title,
        JSON.stringify(incident.sharedLabels),
        JSON.stringify(incident.reach),
        incident.startedAt,
        incident.openedAt,
      ],
    );
    return row!;
  }

  async update(tx: Transaction, id: string, change: IncidentChange): Promise<Incident> {
    const entries = Object.entries(change) as [keyof IncidentChange, unknown][];
    const assignments = entries.map(([field], index) => `${COLUMN_OF[field]} = $${index + 2}`);
    const values = entries.map(([, value]) =>
      value !== null && typeof value === 'object' && !(value instanceof Date)
        ? JSON.stringify(value)
        : (value as SqlValue),
    );
    const [row] = await rowsOf<Incident>(
      tx,
      `UPDATE incidents_incidents i SET ${assignments.join(', ')} WHERE i.id = $1 RETURNING ${INCIDENT_COLUMNS}`,
      [id, ...values],
    );
    return row!;
  }

  async evidence(tx: Transaction, anomalyId: string): Promise<Evidence | undefined> {
    const [row] = await rowsOf<Evidence>(
      tx,
      `SELECT ${EVIDENCE_COLUMNS} FROM incidents_evidence e WHERE e.anomaly_id = $1`,
      [anomalyId],
    );
    return row;
  }

  async addEvidence(
    tx: Transaction,
    evidence: Evidence & { readonly topic: string; readonly signal: string | null; readonly addedAt: Date },
  ): Promise<void> {
    await rowsOf(
      tx,
      `INSERT INTO incidents_evidence (anomaly_id, incident_id, series_id, labels, topic, signal, detector, started_at,
         ended_at, end_reason, peak_at, score, value, yhat, yhat_lower, yhat_upper, added_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        evidence.anomalyId,
        evidence.incidentId,
        evidence.seriesId,
        JSON.stringify(evidence.labels),
        evidence.topic,
        evidence.signal,
        evidence.detector,
        evidence.startedAt,
        evidence.endedAt,
        evidence.endReason,
        evidence.peakAt,
        evidence.score,
        evidence.value,
        evidence.yhat,
        evidence.yhatLower,
        evidence.yhatUpper,
        evidence.addedAt,
      ],
    );
  }

  async changeEvidence(tx: Transaction, evidence: Evidence): Promise<void> {
    await rowsOf(
      tx,
      `UPDATE incidents_evidence SET ended_at = $2, end_reason = $3, peak_at = $4, score = $5, value = $6, yhat = $7,
         yhat_lower = $8, yhat_upper = $9 WHERE anomaly_id = $1`,
      [
        evidence.anomalyId,
        evidence.endedAt,
        evidence.endReason,
        evidence.peakAt,
        evidence.score,
        evidence.value,
        evidence.yhat,
        evidence.yhatLower,
        evidence.yhatUpper,
      ],
    );
  }

  async moveEvidence(tx: Transaction, from: string, to: string): Promise<void> {
    await rowsOf(tx, `UPDATE incidents_evidence SET incident_id = $2 WHERE incident_id = $1`, [from, to]);
  }

  /** Topics of an incident's evidence: what its title and severity are made from. */
  async topics(tx: Transaction, incidentId: string): Promise<TopicSummary[]> {
    return rowsOf<TopicSummary>(
      tx,
      `SELECT topic, signal, count(DISTINCT series_id)::int AS series, max(score) AS "peakScore"
       FROM incidents_evidence WHERE incident_id = $1 GROUP BY topic, signal ORDER BY topic, signal`,
      [incidentId],
    );
  }

  /** Series whose last anomaly ended only because they stopped sending. */
  async silentSeries(tx: Transaction, incidentId: string): Promise<number> {
    const [row] = await rowsOf<{ count: number }>(
      tx,
      `SELECT count(*)::int AS count FROM (
         SELECT DISTINCT ON (series_id) end_reason FROM incidents_evidence WHERE incident_id = $1
         ORDER BY series_id, started_at DESC
       ) newest WHERE end_reason = 'stale'`,
      [incidentId],
    );
    return row!.count;
  }

  async addTimeline(tx: Transaction, incidentId: string, entry: TimelineEntry): Promise<void> {
    await rowsOf(
      tx,
      `INSERT INTO incidents_timeline (incident_id, at, kind, actor, text, data) VALUES ($1, $2, $3, $4, $5, $6)`,
      [incidentId, entry.at, entry.kind, entry.actor, entry.text, JSON.stringify(entry.data ?? {})],
    );
  }
}
