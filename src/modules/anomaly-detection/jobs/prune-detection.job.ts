import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

/** Forgets anomalies that are older than their environment's samples, and states of series that are gone. */
export const pruneDetection = defineJob({
  name: 'prune-detection',
  queue: 'anomaly-detection-ticks',
  version: 1,
  payload: z.object({}),
  attempts: 3,
  backoffMs: 60_000,
  concurrency: 1,
});

export const pruneDetectionHourly: Schedule<typeof pruneDetection> = {
  id: 'anomaly-detection.prune-detection',
  job: pruneDetection,
  payload: {},
  cron: '37 * * * *',
};
