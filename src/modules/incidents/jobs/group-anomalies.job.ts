import { z } from 'zod';
import { defineJob } from '../../../platform/queue/define-job.js';

/** Groups whatever is pending of an environment. Asked for by every anomaly, run once for many. */
export const groupAnomalies = defineJob({
  name: 'group-anomalies',
  queue: 'incidents-grouping',
  version: 1,
  payload: z.object({ environmentId: z.string() }),
  key: ({ environmentId }) => environmentId,
  attempts: 5,
  backoffMs: 500,
  concurrency: 8,
  rerunIfActive: true,
});
