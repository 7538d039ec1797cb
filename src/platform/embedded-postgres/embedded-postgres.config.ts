import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

export const embeddedPostgresConfig = defineConfig({
  key: 'embeddedPostgres',
  title: 'Embedded PostgreSQL',
  description: 'The server that runs where `database.url` is not set. Its data lie in `DSIM_DATA_DIR/postgres`.',
  schema: z.object({
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe('Port on 127.0.0.1; 0 picks a free one at the first start and keeps it'),
    sharedBuffersMb: z.number().int().min(16).max(65_536).default(128).describe('Shared buffers, in MiB'),
    maxConnections: z.number().int().min(20).max(1_000).default(60).describe('Most connections at once'),
    maxWalSizeMb: z
      .number()
      .int()
      .min(64)
      .max(65_536)
      .default(1_024)
      .describe('Write-ahead log kept between checkpoints, in MiB; more makes ingestion smoother and recovery longer'),
    stopTimeoutSeconds: z
      .number()
      .min(1)
      .max(600)
      .default(20)
      .describe('How long a stop may take before the server is killed (it recovers from its log at the next start)'),
  }),
});

export type EmbeddedPostgresConfig = ConfigOf<typeof embeddedPostgresConfig>;
