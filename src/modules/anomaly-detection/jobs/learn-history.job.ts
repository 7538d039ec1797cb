import { z } from 'zod';
import { defineJob } from '../../../platform/queue/define-job.js';

/** Goes through the longer history of a shard in the background, and hands the states over to scoring. */
export const learnHistory = defineJob({
  name: 'learn-history',
  queue: 'anomaly-detection-learning',
  version: 1,
  payload: z.object({ environmentId: z.string(), shard: z.number().int().min(0) }),
  key: ({ environmentId, shard }) => `${environmentId}.${shard}`,
  attempts: 3,
  backoffMs: 30_000,
  concurrency: 1,
});
