import { z } from 'zod';
import { defineJob } from '../../../platform/queue/define-job.js';

/** Derives the signals of an environment's services up to a tick, then has its shards scored. */
export const deriveSignals = defineJob({
  name: 'derive-signals',
  queue: 'anomaly-detection-signals',
  version: 1,
  payload: z.object({
    environmentId: z.string(),
    tick: z.number().int().describe('Epoch milliseconds, a multiple of the tick'),
  }),
  key: ({ environmentId, tick }) => `${environmentId}.${tick}`,
  attempts: 3,
  backoffMs: 500,
  concurrency: 2,
});
