import { z } from 'zod';
import { defineEvent } from '../../platform/events/define-event.js';

export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export const INCIDENT_STATUSES = ['open', 'acknowledged', 'mitigated', 'resolved'] as const;
export const RESOLUTIONS = ['calm', 'user', 'merged'] as const;

/** Snapshot of an incident at the moment of the event: notifiers need nothing else. */
export const incidentSnapshot = z.object({
  incidentId: z.string(),
  /** Small number for people: "incident 12". */
  number: z.number().int(),
  environmentId: z.string(),
  environmentName: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  status: z.enum(INCIDENT_STATUSES),
  /** Labels that its anomalies share (`job`, `instance`, `service`). */
  sharedLabels: z.record(z.string(), z.string()),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: z.iso.datetime().nullable(),
  /** `merged`: an older incident took its evidence over; see `mergedInto`. */
  resolution: z.enum(RESOLUTIONS).nullable(),
  /** Id of the incident that it became part of. */
  mergedInto: z.string().nullable().default(null),
  anomalyCount: z.number().int(),
  /** The strongest evidence first, at most ten. */
  evidence: z.array(
    z.object({
      anomalyId: z.string(),
      seriesId: z.number().int(),
      series: z.string().describe('`name{a="b"}`'),
      /** These are null where the evidence is that nothing was reported. */
      value: z.number().nullable(),
      yhat: z.number().nullable(),
      yhatLower: z.number().nullable(),
      yhatUpper: z.number().nullable(),
      score: z.number(),
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime().nullable(),
    }),
  ),
});

export const IncidentOpened = defineEvent({ type: 'incidents.incident-opened', version: 1, payload: incidentSnapshot });
/** Evidence, severity or title changed. */
export const IncidentUpdated = defineEvent({
  type: 'incidents.incident-updated',
  version: 1,
  payload: incidentSnapshot,
});
export const IncidentAcknowledged = defineEvent({
  type: 'incidents.incident-acknowledged',
  version: 1,
  payload: incidentSnapshot,
});
export const IncidentResolved = defineEvent({
  type: 'incidents.incident-resolved',
  version: 1,
  payload: incidentSnapshot,
});
