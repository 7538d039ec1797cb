import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

export const executeRun = defineJob({
  name: 'execute-run',
  queue: 'simulation-runs',
  version: 1,
  payload: z.object({ runId: z.string() }),
  key: ({ runId }) => runId,
  attempts: 3,
  backoffMs: 2_000,
  concurrency: 1,
});

/** Asks again for runs whose job was lost, and forgets old reports. */
export const tendRuns = defineJob({
  name: 'tend-runs',
  queue: 'simulation-upkeep',
  version: 1,
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

export const tendRunsSchedule: Schedule<typeof tendRuns> = {
  id: 'simulation.tend-runs',
  job: tendRuns,
  payload: {},
  every: 5 * 60_000,
};
