import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must look like postgresql://user:password@host:5432/database');

export const databaseConfig = defineConfig({
  key: 'database',
  title: 'Database',
  description: 'PostgreSQL 14 or newer. Without an address, `npm start` runs an embedded server.',
  schema: z.object({
    url: postgresUrl
      .optional()
      .describe('Address of the primary. May point to PgBouncer in transaction mode.')
      .meta({ secret: true, example: 'postgresql://dsim:secret@db.example:5432/dsim' }),
    replicaUrls: z
      .array(postgresUrl)
      .default([])
      .describe('Addresses of read replicas. Queries that may lag go there; while none answers, to the primary.')
      .meta({ secret: true, example: 'postgresql://dsim:secret@replica.example:5432/dsim' }),
    poolSize: z.number().int().min(2).max(500).default(12).describe('Connections per process and server.'),
    statementTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(3_600_000)
      .default(30_000)
      .describe('The server cancels a statement that runs longer. 0 means never.'),
    connectTimeoutMs: z
      .number()
      .int()
      .min(100)
      .max(120_000)
      .default(5_000)
      .describe('How long a caller waits for a free or new connection.'),
    startTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(3_600_000)
      .default(60_000)
      .describe('How long start-up keeps trying while the server is not reachable yet.'),
    slowQueryMs: z
      .number()
      .int()
      .min(0)
      .default(1_000)
      .describe('Statements that take longer are logged. 0 means none.'),
    tls: z
      .object({
        mode: z
          .enum(['url', 'disable', 'require', 'verify-ca', 'verify-full'])
          .default('url')
          .describe('`url` follows `sslmode` of the address; the others are as in libpq.'),
        caFile: z.string().optional().describe('PEM file of the certificate authority.'),
        certFile: z.string().optional().describe('PEM file of our client certificate.'),
        keyFile: z.string().optional().describe('PEM file of the key of our client certificate.'),
      })
      .prefault({})
      .describe('Encryption of the connections.'),
  }),
});

export type DatabaseConfig = ConfigOf<typeof databaseConfig>;
