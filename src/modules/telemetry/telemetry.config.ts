import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';

export const telemetryConfig = defineConfig({
  key: 'telemetry',
  title: 'Telemetry',
  description: 'Receiving, storing and reading samples.',
  schema: z.object({
    futureToleranceSeconds: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .default(600)
      .describe('Samples whose time is further ahead of our clock than this are rejected'),
    maxMessageBytes: z
      .number()
      .int()
      .min(65_536)
      .max(1_073_741_824)
      .default(67_108_864)
      .describe('Largest remote-write message after decompression, in bytes'),
    maxInFlightBytes: z
      .number()
      .int()
      .min(1_048_576)
      .default(33_554_432)
      .describe(
        'Remote-write bodies (compressed) held in memory at once by one process; beyond it senders are told to wait (503)',
      ),
    seriesCacheSize: z
      .number()
      .int()
      .min(1_000)
      .default(200_000)
      .describe('Series whose ids one process remembers, per environment; about 0.4 KB each'),
    blockCacheBytes: z
      .number()
      .int()
      .min(1_048_576)
      .default(33_554_432)
      .describe('Memory for journal blocks that were read, in bytes per process'),
    packAfterSeconds: z
      .number()
      .int()
      .min(5)
      .max(3_600)
      .default(120)
      .describe('Age of the oldest journal row at which an environment is packed into chunks'),
    packAfterSamples: z
      .number()
      .int()
      .min(1_000)
      .default(1_000_000)
      .describe('Waiting samples at which an environment is packed at once, and most samples of one pack'),
    mergeGraceSeconds: z
      .number()
      .int()
      .min(0)
      .max(43_200)
      .default(900)
      .describe('How long after its end an hour stays open for late samples before it is merged'),
    maxSeriesPerQuery: z.number().int().min(1).max(5_000).default(100).describe('Most series of one samples request'),
    maxSamplesPerQuery: z
      .number()
      .int()
      .min(1_000)
      .default(5_000_000)
      .describe('Most stored samples that one samples request may read, before downsampling'),
    maxQueryDays: z.number().int().min(1).max(3_650).default(92).describe('Longest range of one samples request'),
    staleAfterSeconds: z
      .number()
      .int()
      .min(10)
      .max(86_400)
      .default(300)
      .describe('Without a new sample for this long, an environment counts as stale'),
    ingestToken: z
      .string()
      .regex(/^dsim_[0-9a-f]{16}_[0-9a-f]{64}$/, 'must be "dsim_", 16 hexadecimal digits, "_", 64 hexadecimal digits')
      .optional()
      .meta({ secret: true })
      .describe(
        'API token that exists from the first start on and may only write samples into ingestEnvironment; for set-ups made of files',
      ),
    ingestEnvironment: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a slug: lower-case letters, digits and inner hyphens')
      .default('prometheus')
      .describe('Slug of the environment that ingestToken writes to; created where missing'),
    hostSource: z
      .object({
        enabled: z.boolean().default(true).describe('Collect metrics of the machine we run on'),
        intervalSeconds: z.number().int().min(1).max(300).default(5).describe('Seconds between two readings'),
      })
      .prefault({})
      .describe('Metrics of the machine we run on, with the names that node_exporter uses'),
  }),
});
