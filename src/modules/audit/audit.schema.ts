import { z } from 'zod';
import { pageOf, pageQuery } from '../../platform/http/paging.js';
import { oneLine } from '../../platform/http/text.js';

const name = oneLine(z.string().min(1).max(100));

export const auditQuery = pageQuery.extend({
  action: name.optional().describe('Exactly this action: `auth.login`'),
  subjectType: name.optional().describe('`user`, `api-token`, `environment`, `incident`, ...'),
  subjectId: name.optional(),
});

export const auditEntryResponse = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.string(),
  actor: z.object({
    kind: z.enum(['user', 'api-token', 'system', 'anonymous']),
    id: z.string().nullable(),
    name: z.string(),
  }),
  subjectType: z.string(),
  subjectId: z.string(),
  environmentId: z.string().nullable(),
  outcome: z.enum(['allowed', 'denied', 'failed']),
  details: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable().describe('Correlates with `X-Request-Id` and the logs'),
  ip: z.string().nullable(),
});

export const auditPage = pageOf(auditEntryResponse);
