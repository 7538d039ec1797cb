import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';

export const auditConfig = defineConfig({
  key: 'audit',
  title: 'Audit trail',
  description: 'How long it is kept who did what.',
  schema: z.object({
    retentionDays: z
      .number()
      .int()
      .min(1)
      .max(36_500)
      .default(400)
      .describe('Days after which an entry is deleted; thirteen months let one year be compared with the next'),
  }),
});
