import { z } from 'zod';
import { SERIES_STATES } from '../scoring/shard.js';
import { environmentParams } from './anomaly-detection.schema.js';

export const seriesParams = environmentParams.extend({
  seriesId: z.coerce.number().int().positive().max(0x7fffffff),
});

const instant = z.iso.datetime();

export const seriesDetection = z
  .object({
    seriesId: z.number().int(),
    labels: z.record(z.string(), z.string()),
    state: z.enum(SERIES_STATES),
    reason: z.string().nullable(),
    since: instant,
    detector: z.string().describe('Id and version of the detector that scores it'),
    describedAt: instant.nullable().describe('What follows held at this time; null before the first snapshot'),
    learnedFrom: instant.nullable().describe('Start of the history that was learned'),
    points: z.number().int().describe('Points with a value that were learned from'),
    channels: z
      .array(z.object({ name: z.string(), active: z.boolean(), reason: z.string() }))
      .describe('Ways of looking at the series: which are used, and why the others are not'),
    learning: z
      .object({ from: instant, until: instant })
      .nullable()
      .describe('A longer history is being learned in the background, and how far that is; null: nothing is'),
  })
  .meta({ id: 'SeriesDetection' });
