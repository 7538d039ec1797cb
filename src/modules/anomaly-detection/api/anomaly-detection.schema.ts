import { z } from 'zod';
import { END_REASONS } from '../../../engine/detection/end-reasons.js';
import { instantDate } from '../../../platform/http/instant.js';
import { pageOf, pageQuery } from '../../../platform/http/paging.js';
import { SERIES_STATES } from '../scoring/shard.js';

export const environmentParams = z.object({ environmentId: z.uuid().describe('Id of the environment') });

export const seriesStatesQuery = pageQuery.extend({ state: z.enum(SERIES_STATES).optional() });

export const anomaliesQuery = pageQuery.extend({
  state: z.enum(['open', 'ended']).optional(),
  seriesId: z.coerce.number().int().positive().max(0x7fffffff).optional(),
  from: instantDate.optional().describe('Anomalies that had not ended before this time'),
  to: instantDate.optional().describe('Anomalies that began before this time'),
});

export const scoresQuery = z.object({
  seriesId: z.coerce.number().int().positive().max(0x7fffffff),
  from: instantDate.optional().describe('Default: an hour before `to`'),
  to: instantDate.optional().describe('Default: now'),
  maxPoints: z.coerce
    .number()
    .int()
    .min(10)
    .max(11_000)
    .default(500)
    .describe('More are thinned out; the highest scores stay'),
});

const count = z.number().int();

export const detectionStatus = z.object({
  states: z.object({ learning: count, ok: count, stale: count, excluded: count }),
  tickSeconds: count,
  scoredUntil: z.iso.datetime().nullable().describe('Samples before this time are scored; null before the first tick'),
  model: z.object({ id: z.string(), version: z.string() }),
  lagSeconds: z.number().nullable(),
  learning: z
    .object({ shards: count, share: z.number().describe('Of the history, 0 to 1') })
    .nullable()
    .describe('Longer history that is being learned in the background; series are scored meanwhile'),
  openAnomalies: count,
});

const labels = z.record(z.string(), z.string());

export const seriesStatePage = pageOf(
  z.object({
    seriesId: count,
    labels,
    state: z.enum(SERIES_STATES),
    reason: z.string().nullable(),
    score: z.number().nullable().describe('Of the newest tick; null where it was not scored'),
    since: z.iso.datetime(),
  }),
);

const column = z.array(z.number().nullable());

export const scores = z.object({
  seriesId: count,
  unit: z.enum(['raw', 'per_second']).describe('Counters are scored, and shown here, per second'),
  times: z.array(z.number().int()).describe('Epoch milliseconds, ascending'),
  values: column.describe('What was scored: the mean of a tick, or the rate'),
  score: column,
  yhat: column,
  yhatLower: column,
  yhatUpper: column,
  downsampled: z.boolean(),
});

export const anomalyItem = z.object({
  id: z.string(),
  seriesId: count,
  labels,
  detector: z.string(),
  state: z.enum(['open', 'ended']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  endReason: z.enum(END_REASONS).nullable(),
  adopted: z.boolean().describe('It ended because its level, or its silence, became the new normal'),
  peakAt: z.iso.datetime(),
  score: z.number(),
  value: z.number().nullable().describe('Null, as the band is, where the anomaly is that nothing was reported'),
  yhat: z.number().nullable(),
  yhatLower: z.number().nullable(),
  yhatUpper: z.number().nullable(),
  silence: z
    .object({
      scope: z.enum(['like', 'environment']).describe('Of series of one metric and service, or of all telemetry'),
      everyMs: z.number().describe('Usual distance of two samples, to the tick'),
      reportedSince: z.number().describe('First sample that is known, epoch milliseconds'),
      longestGapMs: z.number().describe('Longest time without a sample before'),
    })
    .nullable()
    .describe('Set where the anomaly is that nothing was reported any more'),
  contributions: z
    .record(z.string(), z.number().nullable())
    .nullable()
    .describe('Score of each channel at the peak; null where the release that found it did not keep it'),
  groupId: z.string().nullable().describe('Anomalies of one cause share a group'),
});

export const anomalyPage = pageOf(anomalyItem);
