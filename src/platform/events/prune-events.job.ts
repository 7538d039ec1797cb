import { z } from 'zod';
import { defineJob, type Schedule } from '../queue/define-job.js';

export const pruneEvents = defineJob({
  name: 'prune-events',
  queue: 'platform-maintenance',
  version: 1,
  payload: z.object({}),
  key: () => 'all',
  attempts: 3,
  backoffMs: 5_000,
  concurrency: 1,
});

export const pruneEventsSchedule: Schedule<typeof pruneEvents> = {
  id: 'prune-events',
  job: pruneEvents,
  payload: {},
  every: 15 * 60_000,
};
