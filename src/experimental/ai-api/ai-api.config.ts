import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../../platform/config/define-config.js';

export const aiApiConfig = defineConfig({
  key: 'aiApi',
  title: 'AI API',
  description: 'Scoring of windows that callers send: limits and cache.',
  schema: z.object({
    maxSeries: z.number().int().min(1).max(10_000).default(200).describe('Series in one request'),
    maxPoints: z.number().int().min(1).max(100_000).default(2_880).describe('Points of one series'),
    maxTotalPoints: z.number().int().min(1).max(1_000_000).default(20_000).describe('Points of one request'),
    maxQueuedPoints: z
      .number()
      .int()
      .min(1)
      .max(100_000_000)
      .default(500_000)
      .describe('Points of all requests that are being scored; more are told to come back'),
    cacheSeconds: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .default(300)
      .describe('How long an answer is kept for the same windows and models. 0: not at all'),
  }),
});

export type AiApiConfig = ConfigOf<typeof aiApiConfig>;
