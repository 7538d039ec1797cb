import { z } from 'zod';
import { defineJob, type Schedule } from '../../../../platform/queue/define-job.js';

/** Fits the calibration of one environment to its own history. */
export const refitEnvironment = defineJob({
  name: 'refit-environment',
  queue: 'anomaly-detection-models',
  version: 1,
  payload: z.object({ environmentId: z.string(), refitId: z.string() }),
  key: ({ refitId }) => refitId,
  attempts: 2,
  backoffMs: 60_000,
  concurrency: 1,
});

/** Judges shadows whose time is over, and starts refits that are due or needed. */
export const tendRefits = defineJob({
  name: 'tend-refits',
  queue: 'anomaly-detection-models',
  version: 1,
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

export const tendRefitsSchedule: Schedule<typeof tendRefits> = {
  id: 'anomaly-detection.tend-refits',
  job: tendRefits,
  payload: {},
  every: 15 * 60_000,
};
