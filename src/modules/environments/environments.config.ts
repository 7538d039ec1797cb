import { z } from 'zod';
import { defineConfig } from '../../platform/config/define-config.js';
import { maxSeries, retentionDays, tickSeconds } from './environment-limits.js';

export const environmentsConfig = defineConfig({
  key: 'environments',
  title: 'Environments',
  description: 'What a new environment gets where its creator says nothing else. Existing ones keep what they have.',
  schema: z.object({
    tickSeconds: tickSeconds.default(15).describe('How often detectors look at new samples, in seconds'),
    retentionDays: retentionDays.default(15).describe('How long samples are kept, in days'),
    maxSeries: maxSeries.default(100_000).describe('Series beyond this many are refused at ingestion'),
  }),
});
