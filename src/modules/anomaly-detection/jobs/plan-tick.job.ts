import { z } from 'zod';
import { defineJob, type Schedule } from '../../../platform/queue/define-job.js';

export const planTick = defineJob({
  name: 'plan-tick',
  queue: 'anomaly-detection-ticks',
  version: 1,
  payload: z.object({ environmentId: z.string() }),
  // The next tick makes up for a failed one.
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 2,
});

/** One per environment, on its tick. */
export function tickSchedule(environmentId: string, tickSeconds: number): Schedule<typeof planTick> {
  return { id: tickScheduleId(environmentId), job: planTick, payload: { environmentId }, every: tickSeconds * 1000 };
}

export function tickScheduleId(environmentId: string): string {
  return `anomaly-detection.tick.${environmentId}`;
}
