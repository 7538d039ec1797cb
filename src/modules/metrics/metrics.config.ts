import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';

export const metricsConfig = defineConfig({
  key: 'metrics',
  title: 'Metrics',
  description: 'Our own metrics, in Prometheus text at /metrics.',
  schema: z.object({
    public: z
      .boolean()
      .optional()
      .describe(
        'Whether /metrics answers without a token. Unset: yes in development, elsewhere only with metrics:read',
      ),
  }),
});
