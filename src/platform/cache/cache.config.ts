import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

export const cacheConfig = defineConfig({
  key: 'cache',
  title: 'Cache',
  description: 'Small values that are costly to compute, in Redis where an address is set, otherwise in memory.',
  schema: z.object({
    backend: z
      .enum(['auto', 'memory', 'redis'])
      .default('auto')
      .describe('`auto` takes Redis where `redis.*` has an address, otherwise the memory of the process.'),
    maxMemoryMb: z
      .number()
      .min(1)
      .max(4096)
      .default(32)
      .describe('Most memory that cached values take in one process.'),
    commandTimeoutMs: z
      .number()
      .int()
      .min(10)
      .max(10_000)
      .default(250)
      .describe('A cache in Redis that is slower counts as a miss.'),
  }),
});

export type CacheConfig = ConfigOf<typeof cacheConfig>;
