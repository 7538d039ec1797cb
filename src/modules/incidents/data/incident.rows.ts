import type { Reach } from '../../../engine/correlation/correlation.types.js';
import type { EndReason } from '../../../engine/detection/end-reasons.js';
import type { Severity } from '../../../engine/correlation/severity.js';
import type { Labels } from '../../../kernel/time-series.js';
import type { Transaction } from '../../../platform/database/database.js';
import type { INCIDENT_STATUSES, RESOLUTIONS } from '../incidents.events.js';

export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];
export type Resolution = (typeof RESOLUTIONS)[number];

export interface Incident {
  readonly id: string;
  readonly number: number;
  readonly environmentId: string;
  readonly status: IncidentStatus;
  readonly severity: Severity;
  readonly severityReasons: readonly string[];
  readonly title: string;
  readonly sharedLabels: Labels;
  readonly reach: readonly Reach[];
  readonly startedAt: Date;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
  readonly resolution: Resolution | null;
  readonly mergedInto: string | null;
}

/** An anomaly as an incident keeps it. Facts are those of its peak. */
export interface Evidence {
  readonly anomalyId: string;
  readonly incidentId: string;
  readonly seriesId: number;
  readonly labels: Labels;
  /** Absent in what earlier releases kept. */
  readonly groupId?: string | null;
  readonly detector: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: EndReason | null;
  readonly peakAt: Date;
  readonly score: number;
  /** These are null where the anomaly is that nothing was reported. */
  readonly value: number | null;
  readonly yhat: number | null;
  readonly yhatLower: number | null;
  readonly yhatUpper: number | null;
}

export const TIMELINE_KINDS = [
  'opened',
  'evidence-added',
  'evidence-ended',
  'severity-changed',
  'merged',
  'reopened',
  'acknowledged',
  'mitigated',
  'resolved',
  'note',
] as const;

export interface TimelineEntry {
  readonly at: Date;
  readonly kind: (typeof TIMELINE_KINDS)[number];
  /** Name of the person or token; null where the product did it. */
  readonly actor: string | null;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface StoredTimelineEntry extends Pick<TimelineEntry, 'kind' | 'data'> {
  readonly id: string;
  readonly incidentId: string;
}

export const INCIDENT_COLUMNS = `
  i.id, i.number, i.environment_id AS "environmentId", i.status, i.severity, i.severity_reasons AS "severityReasons",
  i.title, i.shared_labels AS "sharedLabels", i.reach, i.started_at AS "startedAt", i.opened_at AS "openedAt",
  i.updated_at AS "updatedAt", i.acknowledged_by AS "acknowledgedBy", i.acknowledged_at AS "acknowledgedAt",
  i.resolved_by AS "resolvedBy", i.resolved_at AS "resolvedAt", i.resolution, i.merged_into AS "mergedInto"`;

export const EVIDENCE_COLUMNS = `
  e.anomaly_id AS "anomalyId", e.incident_id AS "incidentId", e.series_id AS "seriesId", e.labels, e.detector,
  e.started_at AS "startedAt", e.ended_at AS "endedAt", e.end_reason AS "endReason", e.peak_at AS "peakAt", e.score,
  e.value, e.yhat, e.yhat_lower AS "yhatLower", e.yhat_upper AS "yhatUpper"`;

export type SqlValue = string | number | boolean | Date | null | readonly string[];

/** Rows of any statement: `EntityManager.query` answers differently for UPDATE and DELETE. */
export async function rowsOf<Row>(tx: Transaction, sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
  const result = await tx.queryRunner!.query(sql, [...parameters], true);
  return result.records as Row[];
}
