import { z } from 'zod';
import { instantDate } from '../../../platform/http/instant.js';
import { pageOf, pageQuery } from '../../../platform/http/paging.js';
import { anomalyItem } from '../api/anomaly-detection.schema.js';
import { sentenceParts } from '../explain/explanation.schema.js';

export const GROUP_STATES = ['open', 'held', 'ended'] as const;

export const groupParams = z.object({
  environmentId: z.uuid().describe('Id of the environment'),
  groupId: z.uuid().describe('Id of the anomaly group'),
});

export const groupsQuery = pageQuery.extend({
  state: z
    .enum(GROUP_STATES)
    .optional()
    .describe('`held`: nothing of it runs, but what returns within the hold time belongs to it'),
  service: z.string().min(1).max(512).optional().describe('Groups in which something of this service went off'),
  from: instantDate.optional().describe('Groups that had not ended before this time'),
  to: instantDate.optional().describe('Groups that began before this time'),
});

export const anomalyGroup = z.object({
  id: z.string(),
  state: z.enum(GROUP_STATES),
  startedAt: z.iso.datetime(),
  lastStartedAt: z.iso.datetime().describe('Newest beginning of one of its anomalies'),
  calmSince: z.iso.datetime().nullable().describe('End of its last anomaly; null while one runs'),
  services: z.array(z.string()).describe('In the order in which they went off'),
  anomalies: z.number().int(),
  openAnomalies: z.number().int(),
  peakScore: z.number(),
  peakAnomalyId: z.string(),
});

export const groupPage = pageOf(anomalyGroup);

export const groupDetail = anomalyGroup.extend({
  sentence: z.string().describe('The sentence of its strongest anomaly, instants in UTC; empty where that is gone'),
  parts: sentenceParts,
  members: z.array(anomalyItem).describe('Its anomalies by start, at most 500'),
});
