import { z } from 'zod';
import { defineConfig } from '../config/define-config.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

export const observabilityConfig = defineConfig({
  key: 'observability',
  title: 'Observability',
  description: 'Our own logs and traces. Metrics have a section of their own.',
  schema: z.object({
    logLevel: z
      .enum(LOG_LEVELS)
      .default('info')
      .describe('Least severe level that is logged; can be changed at run time'),
    logFormat: z
      .enum(['pretty', 'json'])
      .optional()
      .describe('Unset: pretty in development, one JSON object per line elsewhere'),
    otlpEndpoint: z
      .url()
      .optional()
      .describe('Where traces go, over OTLP/HTTP; `/v1/traces` is appended. Unset: no tracing')
      .meta({ env: 'OTEL_EXPORTER_OTLP_ENDPOINT', example: 'http://localhost:4318' }),
    otlpHeaders: z
      .string()
      .optional()
      .describe('Headers for the collector, `name=value` separated by commas')
      .meta({ env: 'OTEL_EXPORTER_OTLP_HEADERS', secret: true }),
    serviceName: z
      .string()
      .min(1)
      .default('devops-simulator')
      .describe('Name of this service in traces')
      .meta({ env: 'OTEL_SERVICE_NAME' }),
    traceSampleRatio: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Share of traces we begin that is recorded; a caller that samples is always followed')
      .meta({ env: 'OTEL_TRACES_SAMPLER_ARG' }),
  }),
});
