import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

/** Runs one study over stored history. One at a time, so that scoring keeps its share of the machine. */
export const executeStudy = defineJob({
  name: 'execute-study',
  queue: 'anomaly-detection-studies',
  version: 1,
  payload: z.object({ studyId: z.string() }),
  key: ({ studyId }) => studyId,
  attempts: 3,
  backoffMs: 2_000,
  concurrency: 1,
});

/** Asks again for studies whose job was lost, and forgets old previews. */
export const tendStudies = defineJob({
  name: 'tend-studies',
  queue: 'anomaly-detection-ticks',
  version: 1,
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

export const tendStudiesSchedule: Schedule<typeof tendStudies> = {
  id: 'anomaly-detection.tend-studies',
  job: tendStudies,
  payload: {},
  every: 5 * 60_000,
};
