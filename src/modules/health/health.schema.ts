import { z } from 'zod';

export const liveSchema = z
  .object({ status: z.literal('ok'), uptimeSeconds: z.number().int() })
  .meta({ id: 'Liveness' });

const check = z
  .looseObject({ status: z.enum(['up', 'down', 'degraded']), reason: z.string().optional() })
  .meta({ id: 'HealthCheck' });

export const healthSchema = z
  .object({
    status: z.enum(['ok', 'error', 'degraded', 'shutting_down']),
    info: z.record(z.string(), check).describe('Checks that are up'),
    error: z.record(z.string(), check).describe('Checks that are down, each with its reason'),
    details: z.record(z.string(), check).describe('All checks'),
  })
  .meta({ id: 'Health' });
