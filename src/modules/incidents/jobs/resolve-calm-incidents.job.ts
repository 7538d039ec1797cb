import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

export const resolveCalmIncidents = defineJob({
  name: 'resolve-calm-incidents',
  queue: 'incidents-lifecycle',
  version: 1,
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

export const resolveCalmIncidentsSchedule: Schedule<typeof resolveCalmIncidents> = {
  id: 'resolve-calm-incidents',
  job: resolveCalmIncidents,
  payload: {},
  every: 15_000,
};
