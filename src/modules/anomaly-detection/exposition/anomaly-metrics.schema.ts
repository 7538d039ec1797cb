import { z } from 'zod';

export const anomalyMetricsQuery = z.object({
  'match[]': z
    .union([z.string().max(4_096), z.array(z.string().max(4_096)).max(20)])
    .optional()
    .transform((given) => (given === undefined ? [] : [given].flat()))
    .describe(
      'Series selectors as in Prometheus: anomaly_score{service="web"}; repeat it for more, any may match. Default: everything that detection records',
    ),
  timestamps: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Whether samples carry the event time they were scored for; by default the scraper stamps them'),
});
