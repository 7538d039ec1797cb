import { z } from 'zod';
import { instant } from '../../../platform/http/instant.js';
import { pageOf, pageQuery } from '../../../platform/http/paging.js';

export const environmentId = z.uuid();

const selectors = z
  .union([z.string().max(4_096), z.array(z.string().max(4_096)).max(20)])
  .optional()
  .transform((given) => (given === undefined ? [] : [given].flat()))
  .describe('Series selectors as in Prometheus: node_load1{job="node"}; repeat it for more, any may match');

export const seriesQuery = pageQuery.extend({
  'match[]': selectors,
  includeDerived: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Also list series that were computed from others'),
});

const seriesId = z.coerce.number().int().min(1).max(0x7fffffff);

export const samplesQuery = z
  .object({
    seriesId: z
      .union([seriesId, z.array(seriesId)])
      .transform((given) => [...new Set([given].flat())])
      .describe('Repeat it for more series'),
    from: instant.describe('First time, included: ISO 8601 or epoch seconds'),
    to: instant.describe('Last time, excluded: ISO 8601 or epoch seconds'),
    maxPoints: z.coerce
      .number()
      .int()
      .min(4)
      .max(20_000)
      .default(500)
      .describe('Series with more samples are thinned out; their extremes stay'),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after "from"' });

export const statusResponse = z.object({
  state: z.enum(['receiving', 'stale', 'no_data']),
  reason: z.string(),
  lastSampleAt: z.iso.datetime().nullable(),
  seriesCount: z.number().int().describe('Live series, computed ones left out'),
});

export const seriesResponse = z.object({
  id: z.number().int(),
  labels: z.record(z.string(), z.string()),
  metricType: z.enum(['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown']),
  derivedFrom: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});

export const seriesPage = pageOf(seriesResponse);

export const samplesResponse = z.object({
  items: z.array(
    z.object({
      seriesId: z.number().int(),
      times: z.array(z.number()).describe('Epoch milliseconds, ascending'),
      values: z.array(z.number().nullable()).describe('null where the value is NaN or infinite, which JSON cannot say'),
      downsampled: z.boolean(),
    }),
  ),
});

export const latestPage = pageOf(
  z.object({
    series: seriesResponse,
    time: z.number().nullable().describe('Epoch milliseconds; null where the last five minutes hold no sample'),
    value: z.number().nullable(),
  }),
);
