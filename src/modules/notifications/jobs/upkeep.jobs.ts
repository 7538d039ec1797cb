import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';
import { RESEND_MS } from '../channels/alertmanager.notifier.js';

const upkeep = {
  queue: 'notifications-upkeep',
  version: 1,
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 3,
} as const;

/** Finds deliveries whose job was lost, or whose try was cut short by a crash. */
export const sweepDeliveries = defineJob({ ...upkeep, name: 'sweep-deliveries' });
/** Alertmanager forgets alerts that are not sent again. */
export const resendAlerts = defineJob({ ...upkeep, name: 'resend-alerts' });
export const pruneDeliveries = defineJob({ ...upkeep, name: 'prune-deliveries' });

export const upkeepSchedules: readonly Schedule[] = [
  { id: 'sweep-deliveries', job: sweepDeliveries, payload: {}, every: 15_000 },
  { id: 'resend-alerts', job: resendAlerts, payload: {}, every: RESEND_MS },
  { id: 'prune-deliveries', job: pruneDeliveries, payload: {}, cron: '17 * * * *' },
];
