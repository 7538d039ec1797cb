import { z } from 'zod';
import { LOG_LEVELS } from '../platform/observability/observability.config.js';

/** What the parent asks of the worker it forked. */
export const parentMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('metrics'), id: z.number().int() }),
  z.object({ type: z.literal('health'), id: z.number().int() }),
  z.object({ type: z.literal('log-level'), level: z.enum(LOG_LEVELS) }),
  z.object({ type: z.literal('stop') }),
]);
export type ParentMessage = z.output<typeof parentMessage>;

const outcome = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  reason: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

/** What the worker tells its parent. */
export const workerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started') }),
  z.object({ type: z.literal('metrics'), id: z.number().int(), text: z.string() }),
  z.object({ type: z.literal('health'), id: z.number().int(), outcome }),
]);
export type WorkerMessage = z.output<typeof workerMessage>;
