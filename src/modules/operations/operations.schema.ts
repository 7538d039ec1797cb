import { z } from 'zod';
import { pageOf } from '../../platform/http/paging.js';
import { oneLine } from '../../platform/http/text.js';
import { LOG_LEVELS } from '../../platform/observability/observability.config.js';

export const featureSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    tier: z.number().int(),
    stage: z.enum(['stable', 'beta', 'experimental']),
    enabled: z.boolean(),
    reason: z.string().describe('Why it is on or off'),
    flag: z
      .string()
      .nullable()
      .describe('Environment variable that turns it on and off; null where it cannot be turned off'),
    dependsOn: z.array(z.string()),
  })
  .meta({ id: 'Feature' });

export const featuresResponse = z.object({ items: z.array(featureSchema) }).meta({ id: 'Features' });

export const logLevelSchema = z.object({ level: z.enum(LOG_LEVELS) }).meta({ id: 'LogLevel' });

export const queueSchema = z
  .object({
    name: z.string(),
    counts: z.object({
      waiting: z.number().int(),
      active: z.number().int(),
      delayed: z.number().int(),
      dead: z.number().int(),
    }),
    jobs: z.array(z.string()).describe('Names of the jobs that use the queue'),
  })
  .meta({ id: 'Queue' });

export const queuesResponse = z.object({ items: z.array(queueSchema) }).meta({ id: 'Queues' });

export const deadJobSchema = z
  .object({
    id: z.string(),
    queue: z.string(),
    job: z.string(),
    payload: z.unknown(),
    attempts: z.number().int(),
    reason: z.string(),
    enqueuedAt: z.iso.datetime(),
    diedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DeadJob' });

export const deadJobsPage = pageOf(deadJobSchema).meta({ id: 'DeadJobPage' });
export const queueName = z.string().regex(/^[a-z][a-z0-9-]{0,99}$/, 'must be the name of a queue');
export const jobId = oneLine(z.string().min(1).max(512));
