import { z } from 'zod';

const count = z.number().int();

export const anomalyExample = z
  .object({
    seriesId: count,
    labels: z.record(z.string(), z.string()),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable().describe('Null: it lasted until the end of the range'),
    score: z.number(),
    value: z.number().nullable(),
    yhat: z.number().nullable(),
  })
  .meta({ id: 'AnomalyExample' });

/** What a change would have done over stored history. */
export const changeEffect = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  series: count.describe('Series that were looked at'),
  before: count.describe('Anomalies that began in the range, as it is'),
  after: count.describe('The same with the change'),
  vanish: count,
  come: count,
  beforePerWeek: z.number(),
  afterPerWeek: z.number(),
  vanishing: z.array(anomalyExample).describe('Examples, the highest scores first'),
  coming: z.array(anomalyExample).describe('Examples, the highest scores first'),
});
