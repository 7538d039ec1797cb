import { z } from 'zod';
import { type Schedule, defineJob } from '../../../platform/queue/define-job.js';

/** Without an environment a job looks which are due and enqueues itself for each: one schedule serves them all. */
const payload = z.object({ environmentId: z.uuid().optional() });
const key = ({ environmentId }: z.output<typeof payload>): string => environmentId ?? 'all';

export const packJournal = defineJob({
  name: 'pack-journal',
  queue: 'telemetry-storage',
  version: 1,
  payload,
  key,
  attempts: 3,
  backoffMs: 2_000,
  concurrency: 2,
});

export const mergeHour = defineJob({
  name: 'merge-hour',
  queue: 'telemetry-storage',
  version: 1,
  payload,
  key,
  attempts: 3,
  backoffMs: 10_000,
  concurrency: 2,
});

export const maintainPartitions = defineJob({
  name: 'maintain-partitions',
  queue: 'telemetry-storage',
  version: 1,
  payload,
  key,
  attempts: 5,
  backoffMs: 10_000,
  concurrency: 2,
});

export const storageJobs = [packJournal, mergeHour, maintainPartitions];

export const storageSchedules: Schedule[] = [
  { id: 'telemetry-pack-journal', job: packJournal, payload: {}, every: 30_000 },
  { id: 'telemetry-merge-hour', job: mergeHour, payload: {}, every: 300_000 },
  { id: 'telemetry-maintain-partitions', job: maintainPartitions, payload: {}, every: 3_600_000 },
];
