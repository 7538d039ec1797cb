import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

export const purgeAuthRecords = defineJob({
  name: 'purge-auth-records',
  queue: 'auth-maintenance',
  version: 1,
  payload: z.object({}),
  attempts: 3,
  backoffMs: 60_000,
  concurrency: 1,
});

export const purgeAuthRecordsDaily: Schedule<typeof purgeAuthRecords> = {
  id: 'auth-purge-records-daily',
  job: purgeAuthRecords,
  payload: {},
  cron: '17 3 * * *',
};
