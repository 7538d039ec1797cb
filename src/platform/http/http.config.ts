import { z } from 'zod';
import { defineConfig } from '../config/define-config.js';

const port = z.number().int().min(0).max(65_535);

export const httpConfig = defineConfig({
  key: 'http',
  title: 'HTTP',
  description: 'Listeners, limits and security of the HTTP interface.',
  schema: z.object({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every interface'),
    port: port.default(3000).describe('Main port; 0 lets the system choose one'),
    metricsPort: port
      .optional()
      .describe('Serves /metrics on a port of its own. 0: on the main port. Unset: 9001 in the experimental profile'),
    aiPort: port
      .optional()
      .describe('Serves /api/v1/ai on a port of its own. 0: on the main port. Unset: 9002 in the experimental profile'),
    publicUrl: z.url().optional().describe('Address that people and other systems use, for links in notifications'),
    bodyLimitBytes: z
      .number()
      .int()
      .min(1_024)
      .max(1_073_741_824)
      .default(1_048_576)
      .describe('Largest JSON request body, in bytes'),
    binaryBodyLimitBytes: z
      .number()
      .int()
      .min(1_024)
      .max(1_073_741_824)
      .default(16_777_216)
      .describe('Largest binary request body as sent, in bytes: protobuf (compressed), and files such as models'),
    trustProxy: z
      .union([z.boolean(), z.number().int().min(0), z.string()])
      .default(false)
      .describe('Whose X-Forwarded-* headers count: false, true, a number of hops, or addresses separated by commas'),
    corsOrigins: z
      .array(z.string())
      .optional()
      .describe('Origins whose pages may call the API. Unset: every origin in development, none elsewhere'),
    rateLimit: z
      .object({
        enabled: z.boolean().default(true).describe('Whether requests are counted at all'),
        perPrincipalPerMinute: z
          .number()
          .int()
          .min(1)
          .default(1_200)
          .describe('Requests a user or token may make in a minute'),
        perAddressPerMinute: z
          .number()
          .int()
          .min(1)
          .default(6_000)
          .describe('Requests one address may make in a minute, signed in or not'),
        loginPerMinute: z
          .number()
          .int()
          .min(1)
          .default(20)
          .describe('Sign-in and password attempts one address may make in a minute'),
      })
      .prefault({})
      .describe('Request limits; never applied to ingestion and webhooks'),
    shutdownDeadlineSeconds: z
      .number()
      .min(0)
      .max(600)
      .default(20)
      .describe('How long requests in flight may take to finish when the process stops'),
    shutdownDelaySeconds: z
      .number()
      .min(0)
      .max(120)
      .default(0)
      .describe('How long to keep serving after /health/ready turns 503, so that load balancers notice first'),
    tlsCertFile: z.string().optional().describe('PEM certificate chain; turns on TLS together with tlsKeyFile'),
    tlsKeyFile: z.string().optional().describe('PEM private key of the certificate'),
  }),
});
