import { z } from 'zod';
import { defineJob } from '../../../platform/queue/define-job.js';

/**
 * One try of one delivery. The number of the try makes the job idempotent: a second job for the same try finds it
 * taken. Retries of the receiver's failures are jobs of their own; `attempts` covers ours (database down).
 */
export const deliverNotification = defineJob({
  name: 'deliver-notification',
  queue: 'notifications-deliver',
  version: 1,
  payload: z.object({ deliveryId: z.uuid(), attempt: z.number().int().min(1) }),
  key: ({ deliveryId, attempt }) => `${deliveryId}-${attempt}`,
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 8,
});
