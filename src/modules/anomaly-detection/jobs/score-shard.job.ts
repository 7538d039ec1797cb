import { z } from 'zod';
import { defineJob } from '../../../platform/queue/define-job.js';

/** Scores everything of one shard up to a tick, missed ticks included. */
export const scoreShard = defineJob({
  name: 'score-shard',
  queue: 'anomaly-detection-scores',
  version: 1,
  payload: z.object({
    environmentId: z.string(),
    shard: z.number().int().min(0),
    tick: z.number().int().describe('Epoch milliseconds, a multiple of the tick'),
    series: z.number().int().describe('Series of the shard when the tick was planned'),
  }),
  key: ({ environmentId, shard, tick }) => `${environmentId}.${shard}.${tick}`,
  attempts: 3,
  backoffMs: 500,
  concurrency: 2,
});
