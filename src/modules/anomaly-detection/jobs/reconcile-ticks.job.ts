import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

/** Makes the ticks match the environments, should an event about one have been missed. */
export const reconcileTicks = defineJob({
  name: 'reconcile-ticks',
  queue: 'anomaly-detection-ticks',
  version: 1,
  payload: z.object({}),
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

export const reconcileTicksSchedule: Schedule<typeof reconcileTicks> = {
  id: 'anomaly-detection.reconcile-ticks',
  job: reconcileTicks,
  payload: {},
  every: 5 * 60_000,
};
