import { z } from 'zod';
import { defineJob, type Schedule } from '../../platform/queue/define-job.js';

export const purgeAuditEntries = defineJob({
  name: 'purge-audit-entries',
  queue: 'audit-retention',
  version: 1,
  payload: z.object({}),
  attempts: 3,
  backoffMs: 60_000,
  concurrency: 1,
});

export const purgeAuditEntriesDaily: Schedule<typeof purgeAuditEntries> = {
  id: 'audit-purge-entries-daily',
  job: purgeAuditEntries,
  payload: {},
  cron: '7 3 * * *',
};
