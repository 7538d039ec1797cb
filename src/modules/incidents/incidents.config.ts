import { z } from 'zod';
import type { CorrelationRules } from '../../engine/correlation/correlation.types.js';
import { type ConfigOf, defineConfig } from '../../platform/config/define-config.js';

const MINUTE_MS = 60_000;
const minutes = z.number().min(0).max(1_440);

export const incidentsConfig = defineConfig({
  key: 'incidents',
  title: 'Incidents',
  description: 'How anomalies become incidents, and when incidents resolve by themselves.',
  schema: z.object({
    correlationLabels: z
      .array(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a label name'))
      .min(1)
      .default(['job', 'instance', 'service'])
      .describe('Labels whose equal values make anomalies of one environment one incident'),
    gapMinutes: minutes
      .default(5)
      .describe('Anomalies this far apart still belong together; the calm period where that is longer'),
    calmMinutes: minutes.default(5).describe('An incident resolves by itself after this long without an anomaly'),
    reopenMinutes: minutes
      .default(30)
      .describe('A related anomaly this soon after an automatic resolve reopens the incident instead of opening one'),
    staleHoldMinutes: minutes
      .default(30)
      .describe('An anomaly whose series stopped sending counts as running for this much longer'),
    keepDays: z
      .number()
      .int()
      .min(1)
      .max(36_500)
      .default(400)
      .describe('How long resolved incidents are kept, with evidence and timeline'),
  }),
});

export function correlationRules(config: ConfigOf<typeof incidentsConfig>): CorrelationRules {
  return {
    labels: config.correlationLabels,
    gapMs: config.gapMinutes * MINUTE_MS,
    calmMs: config.calmMinutes * MINUTE_MS,
    reopenMs: config.reopenMinutes * MINUTE_MS,
    staleHoldMs: config.staleHoldMinutes * MINUTE_MS,
  };
}
