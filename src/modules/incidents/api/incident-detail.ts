import type { Evidence } from '../data/incident.rows.js';
import type { IncidentRecord } from '../data/incident.read-model.js';
import { evidenceFacts } from '../data/incident.snapshots.js';
import type { IncidentDetail } from '../incidents.schema.js';

const MINUTE_MS = 60_000;
/** What people need to see before and after an anomaly to judge it. */
const BEFORE_MS = 30 * MINUTE_MS;
const AFTER_MS = 5 * MINUTE_MS;

/** @param nowMs up to when the evidence that still lasts is linked */
export function toIncidentDetail(record: IncidentRecord, nowMs: number): IncidentDetail {
  const { incident, snapshot } = record;
  return {
    ...snapshot,
    openedAt: incident.openedAt.toISOString(),
    acknowledgedAt: incident.acknowledgedAt?.toISOString() ?? null,
    resolvedBy: incident.resolvedBy,
    severityReasons: [...incident.severityReasons],
    evidence: record.evidence.map((evidence) => ({
      ...evidenceFacts(evidence),
      detector: evidence.detector,
      peakAt: evidence.peakAt.toISOString(),
      endReason: evidence.endReason,
      links: linksOf(evidence, incident.environmentId, nowMs),
    })),
    timeline: record.timeline.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
  };
}

function linksOf(evidence: Evidence, environmentId: string, nowMs: number): { samples: string; scores: string } {
  // Rounded, so that the detail of a running incident keeps its ETag between changes.
  const last = evidence.endedAt?.getTime() ?? Math.ceil(nowMs / AFTER_MS) * AFTER_MS;
  const query = new URLSearchParams({
    seriesId: String(evidence.seriesId),
    from: new Date(evidence.startedAt.getTime() - BEFORE_MS).toISOString(),
    to: new Date(last + AFTER_MS).toISOString(),
  });
  const base = `/api/v1/environments/${environmentId}`;
  return { samples: `${base}/samples?${query}`, scores: `${base}/scores?${query}` };
}
