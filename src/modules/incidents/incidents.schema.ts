import { z } from 'zod';
import { END_REASONS } from '../../engine/detection/end-reasons.js';
import { pageOf, pageQuery } from '../../platform/http/paging.js';
import { freeText } from '../../platform/http/text.js';
import { TIMELINE_KINDS } from './data/incident.rows.js';
import { INCIDENT_STATUSES, incidentSnapshot, SEVERITIES } from './incidents.events.js';

/** `?status=open&status=acknowledged`, `?status=open,acknowledged` or one of them. */
function manyOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(',').map((value) => value.trim()) : given),
      z.array(z.enum(values)).min(1).max(values.length),
    )
    .optional();
}

export const incidentsQuery = pageQuery.extend({
  environmentId: z.uuid().optional().describe('Only incidents of this environment'),
  status: manyOf(INCIDENT_STATUSES).describe('One or several, separated by commas'),
  severity: manyOf(SEVERITIES).describe('One or several, separated by commas'),
});

export const incidentId = z.uuid();

export const incidentAction = z
  .object({ note: freeText(z.string().trim().max(2_000)).optional().describe('Kept in the timeline') })
  .nullish();

const evidenceItem = incidentSnapshot.shape.evidence.element.extend({
  detector: z.string(),
  peakAt: z.iso.datetime().describe('When the score was highest; value and band are of that moment'),
  endReason: z.enum(END_REASONS).nullable(),
  links: z
    .object({ samples: z.string(), scores: z.string() })
    .describe('Where to read the samples, and the scores with expected value and band, around the anomaly'),
});

export const incidentDetail = incidentSnapshot
  .omit({ mergedInto: true })
  .extend({
    mergedInto: z.string().nullable().describe('Id of the incident that it became part of'),
    openedAt: z.iso.datetime(),
    acknowledgedAt: z.iso.datetime().nullable(),
    resolvedBy: z.string().nullable(),
    severityReasons: z.array(z.string()).describe('Why it has this severity, with the numbers'),
    evidence: z.array(evidenceItem).describe('The strongest first, at most 1000'),
    timeline: z
      .array(
        z.object({
          at: z.iso.datetime(),
          kind: z.enum(TIMELINE_KINDS),
          actor: z.string().nullable().describe('Null where the product did it'),
          text: z.string(),
          data: z.record(z.string(), z.unknown()),
        }),
      )
      .describe('Oldest first, the newest 1000'),
  })
  .meta({ id: 'IncidentDetail' });

export const incidentPage = pageOf(incidentSnapshot);

export type IncidentsQuery = z.output<typeof incidentsQuery>;
export type IncidentDetail = z.output<typeof incidentDetail>;
