import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';

export const healthConfig = defineConfig({
  key: 'health',
  title: 'Health',
  description: 'When /health/ready and /health/startup say that this process is not fit for work.',
  schema: z.object({
    cacheMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .default(1_000)
      .describe('How long an answer is reused, in milliseconds'),
    timeoutMs: z
      .number()
      .int()
      .min(50)
      .max(60_000)
      .default(2_000)
      .describe('How long a check may take that names no limit of its own, in milliseconds'),
    maxEventLoopDelayMs: z
      .number()
      .min(10)
      .default(1_000)
      .describe('Not ready where the event loop was late by more than this (99th percentile since the last look)'),
    minFreeDiskMib: z
      .number()
      .min(0)
      .default(256)
      .describe('Not ready where the data folder has less free space than this, in MiB'),
  }),
});
