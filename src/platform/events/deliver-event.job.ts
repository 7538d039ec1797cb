import { z } from 'zod';
import { defineJob } from '../queue/define-job.js';

/** One event for one subscriber: a subscriber that fails holds nobody else up. */
export const deliverEvent = defineJob({
  name: 'deliver-event',
  queue: 'platform-events',
  version: 1,
  payload: z.object({
    subscriber: z.string(),
    eventId: z.string(),
    type: z.string(),
    version: z.number().int(),
    environmentId: z.string().nullable(),
    occurredAt: z.iso.datetime(),
    payload: z.unknown(),
    trace: z.record(z.string(), z.string()).nullable(),
  }),
  key: ({ eventId, subscriber }) => `${eventId}.${subscriber}`,
  attempts: 12,
  backoffMs: 500,
  concurrency: 16,
});
