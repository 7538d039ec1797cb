import { Injectable } from '@nestjs/common';
import type { Reach } from '../../../engine/correlation/correlation.types.js';
import type { Topic, TopicSummary } from '../../../engine/correlation/topics.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import {
  type Evidence,
  EVIDENCE_COLUMNS,
  type Incident,
  INCIDENT_COLUMNS,
  rowsOf,
  type SqlValue,
  type StoredTimelineEntry,
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

  /**
   * Active incidents of the environment, those resolved since, and those with the given ids. What was merged away is
   * over for good.
   */
  async relevant(
    tx: Transaction,
    environmentId: string,
    resolvedSince: Date,
    ids: readonly string[],
  ): Promise<Incident[]> {
    return rowsOf<Incident>(
      tx,
      `SELECT ${INCIDENT_COLUMNS} FROM incidents_incidents i
       WHERE i.environment_id = $1 AND (i.status <> 'resolved' OR i.id = ANY($3::uuid[])
         OR (i.resolved_at >= $2 AND i.resolution IN ('calm', 'user')))`,
      [environmentId, resolvedSince, ids],
    );
  }

  /** What `judgeCalm` needs of every active incident, on the primary. */
  async activeReaches(): Promise<readonly { id: string; environmentId: string; reach: readonly Reach[] }[]> {
    return this.database.query(
      `SELECT i.id, i.environment_id AS "environmentId", i.reach FROM incidents_incidents i WHERE i.status <> 'resolved'
       ORDER BY i.number`,
    );
  }

  /** Numbered in the order given. */
  async insert(tx: Transaction, incidents: readonly Omit<Incident, 'number'>[]): Promise<Incident[]> {
    if (incidents.length === 0) return [];
    return rowsOf<Incident>(
      tx,
      `INSERT INTO incidents_incidents AS i (id, environment_id, status, severity, severity_reasons, title, shared_labels,
         reach, started_at, opened_at, updated_at)
       SELECT id, "environmentId", status, severity, "severityReasons", title, "sharedLabels",
         reach, "startedAt", "openedAt", "updatedAt"
       FROM ROWS FROM (json_to_recordset($1::json) AS (id uuid, "environmentId" uuid, status text, severity text,
         "severityReasons" jsonb, title text, "sharedLabels" jsonb, reach jsonb, "startedAt" timestamptz,
         "openedAt" timestamptz, "updatedAt" timestamptz)) WITH ORDINALITY AS fresh ORDER BY ordinality
       RETURNING ${INCIDENT_COLUMNS}`,
      [JSON.stringify(incidents)],
    );
  }

  /** Writes everything of them that grouping may change. */
  async save(tx: Transaction, incidents: readonly Incident[]): Promise<void> {
    if (incidents.length === 0) return;
    await rowsOf(
      tx,
      `UPDATE incidents_incidents i SET status = now.status, severity = now.severity,
         severity_reasons = now."severityReasons", title = now.title, shared_labels = now."sharedLabels",
         reach = now.reach, started_at = now."startedAt", updated_at = now."updatedAt",
         resolved_by = now."resolvedBy", resolved_at = now."resolvedAt", resolution = now.resolution,
         merged_into = now."mergedInto"
       FROM json_to_recordset($1::json) AS now (id uuid, status text, severity text, "severityReasons" jsonb,
         title text, "sharedLabels" jsonb, reach jsonb, "startedAt" timestamptz, "updatedAt" timestamptz,
         "resolvedBy" text, "resolvedAt" timestamptz, resolution text, "mergedInto" uuid)
       WHERE i.id = now.id`,
      [JSON.stringify(incidents)],
    );
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

  async evidence(tx: Transaction, anomalyIds: readonly string[]): Promise<Evidence[]> {
    return rowsOf<Evidence>(
      tx,
      `SELECT ${EVIDENCE_COLUMNS}, e.group_id AS "groupId" FROM incidents_evidence e WHERE e.anomaly_id = ANY($1::text[])`,
      [anomalyIds],
    );
  }

  async addEvidence(
    tx: Transaction,
    evidence: readonly (Evidence & Pick<Topic, 'topic' | 'signal'>)[],
    addedAt: Date,
  ): Promise<void> {
    if (evidence.length === 0) return;
    await rowsOf(
      tx,
      `INSERT INTO incidents_evidence (anomaly_id, incident_id, series_id, labels, topic, signal, detector, started_at,
         ended_at, end_reason, peak_at, score, value, yhat, yhat_lower, yhat_upper, group_id, added_at)
       SELECT "anomalyId", "incidentId", "seriesId", labels, topic, signal, detector, "startedAt",
         "endedAt", "endReason", "peakAt", score, value, yhat, "yhatLower", "yhatUpper", "groupId", $2
       FROM json_to_recordset($1::json) AS fresh ("anomalyId" text, "incidentId" uuid, "seriesId" integer, labels jsonb,
         topic text, signal text, detector text, "startedAt" timestamptz, "endedAt" timestamptz, "endReason" text,
         "peakAt" timestamptz, score float8, value float8, yhat float8, "yhatLower" float8, "yhatUpper" float8,
         "groupId" uuid)`,
      [JSON.stringify(evidence), addedAt],
    );
  }

  async changeEvidence(tx: Transaction, evidence: readonly Evidence[]): Promise<void> {
    if (evidence.length === 0) return;
    await rowsOf(
      tx,
      `UPDATE incidents_evidence e SET ended_at = now."endedAt", end_reason = now."endReason", peak_at = now."peakAt",
         score = now.score, value = now.value, yhat = now.yhat, yhat_lower = now."yhatLower",
         yhat_upper = now."yhatUpper"
       FROM json_to_recordset($1::json) AS now ("anomalyId" text, "endedAt" timestamptz, "endReason" text,
         "peakAt" timestamptz, score float8, value float8, yhat float8, "yhatLower" float8, "yhatUpper" float8)
       WHERE e.anomaly_id = now."anomalyId"`,
      [JSON.stringify(evidence)],
    );
  }

  async moveEvidence(tx: Transaction, from: string, to: string): Promise<void> {
    await rowsOf(tx, `UPDATE incidents_evidence SET incident_id = $2 WHERE incident_id = $1`, [from, to]);
  }

  /** Topics of the evidence of incidents: what their titles and severities are made from. */
  async topics(tx: Transaction, incidentIds: readonly string[]): Promise<Map<string, TopicSummary[]>> {
    const topics = new Map<string, TopicSummary[]>(incidentIds.map((id) => [id, []]));
    if (incidentIds.length === 0) return topics;
    const rows = await rowsOf<TopicSummary & { readonly incidentId: string }>(
      tx,
      `SELECT incident_id AS "incidentId", topic, signal, count(DISTINCT series_id)::int AS series,
         max(score) AS "peakScore"
       FROM incidents_evidence WHERE incident_id = ANY($1::uuid[])
       GROUP BY incident_id, topic, signal ORDER BY incident_id, topic, signal`,
      [incidentIds],
    );
    for (const { incidentId, ...topic } of rows) topics.get(incidentId)!.push(topic);
    return topics;
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

  async addTimeline(tx: Transaction, entries: readonly (TimelineEntry & { incidentId: string })[]): Promise<void> {
    if (entries.length === 0) return;
    await rowsOf(
      tx,
      `INSERT INTO incidents_timeline (incident_id, at, kind, actor, text, data)
       SELECT "incidentId", at, kind, actor, text, coalesce(data, '{}')
       FROM ROWS FROM (json_to_recordset($1::json) AS ("incidentId" uuid, at timestamptz, kind text, actor text,
         text text, data jsonb)) WITH ORDINALITY AS fresh ORDER BY ordinality`,
      [JSON.stringify(entries)],
    );
  }

  /** Entries about evidence: bounded, see `EvidenceTimeline`. */
  async evidenceTimeline(tx: Transaction, incidentIds: readonly string[]): Promise<StoredTimelineEntry[]> {
    return rowsOf<StoredTimelineEntry>(
      tx,
      `SELECT id, incident_id AS "incidentId", kind, data FROM incidents_timeline
       WHERE incident_id = ANY($1::uuid[]) AND kind IN ('evidence-added', 'evidence-ended') ORDER BY id`,
      [incidentIds],
    );
  }

  async changeTimeline(
    tx: Transaction,
    entries: readonly Pick<StoredTimelineEntry & TimelineEntry, 'id' | 'text' | 'data'>[],
  ): Promise<void> {
    if (entries.length === 0) return;
    await rowsOf(
      tx,
      `UPDATE incidents_timeline t SET text = now.text, data = now.data
       FROM json_to_recordset($1::json) AS now (id bigint, text text, data jsonb) WHERE t.id = now.id`,
      [JSON.stringify(entries)],
    );
  }

  /** How many of at most `limit` incidents that were resolved before this went, with all that belongs to them. */
  async deleteResolvedBefore(before: Date, limit: number): Promise<number> {
    const rows = await this.database.query(
      `WITH old AS (SELECT id FROM incidents_incidents WHERE status = 'resolved' AND resolved_at < $1 LIMIT $2),
       gone AS (DELETE FROM incidents_incidents WHERE id IN (SELECT id FROM old) RETURNING 1)
       SELECT 1 FROM gone`,
      [before, limit],
    );
    return rows.length;
  }
}
