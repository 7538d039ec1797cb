import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

export const pruneIncidents = defineJob({
  name: 'prune-incidents',
  queue: 'incidents-lifecycle',
  version: 1,
  payload: z.object({}),
  attempts: 3,
  backoffMs: 60_000,
  concurrency: 1,
});

export const pruneIncidentsDaily: Schedule<typeof pruneIncidents> = {
  id: 'incidents.prune-incidents',
  job: pruneIncidents,
  payload: {},
  cron: '23 3 * * *',
};
