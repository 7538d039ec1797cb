import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

export const queueConfig = defineConfig({
  key: 'queue',
  title: 'Queue',
  description: 'Background jobs, on Redis where an address is set, otherwise in PostgreSQL.',
  schema: z.object({
    backend: z
      .enum(['auto', 'postgres', 'redis'])
      .default('auto')
      .describe('`auto` takes Redis where `redis.*` has an address, otherwise PostgreSQL.'),
    databaseUrl: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'must look like postgresql://user:password@host:5432/database')
      .optional()
      .describe(
        'Direct address of the same PostgreSQL where `database.url` leads to PgBouncer: jobs then start at once ' +
          'instead of at the next poll.',
      )
      .meta({ secret: true }),
    poolSize: z.number().int().min(2).max(200).default(6).describe('Connections per process for jobs in PostgreSQL.'),
    enqueueTimeoutMs: z
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(3_000)
      .describe('How long a caller waits while the queue is away before it is told so.'),
    shutdownTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(20_000)
      .describe('How long running jobs may finish at shutdown before they are told to stop. They run again elsewhere.'),
    lockMs: z
      .number()
      .int()
      .min(1_000)
      .max(600_000)
      .default(15_000)
      .describe('A worker that is silent for so long has lost its jobs to others.'),
    stalledCheckMs: z
      .number()
      .int()
      .min(500)
      .max(600_000)
      .default(10_000)
      .describe('How often jobs of lost workers are looked for.'),
    pollMs: z
      .number()
      .int()
      .min(50)
      .max(60_000)
      .default(500)
      .describe('How often workers look for jobs where PostgreSQL cannot notify them (behind PgBouncer).'),
    workerNiceness: z
      .number()
      .int()
      .min(0)
      .max(19)
      .default(10)
      .describe(
        'By how much workers stand back from the API when both want the same core (nice(1); 0: not at all). Answers ' +
          'to people come first, jobs still get a quarter of a contested core at 5 and a tenth at 10.',
      ),
    deadRetentionDays: z.number().int().min(1).max(365).default(14).describe('How long dead jobs are kept.'),
    deadRetentionCount: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(1_000)
      .describe('How many dead jobs each queue keeps.'),
  }),
});

export type QueueConfig = ConfigOf<typeof queueConfig>;

export { redisConfig, type RedisConfig } from '../redis/redis.config.js';
