import { z } from 'zod';
import { anomalyItem } from '../api/anomaly-detection.schema.js';

export const anomalyParams = z.object({
  environmentId: z.uuid().describe('Id of the environment'),
  anomalyId: z.uuid().describe('Id of the anomaly'),
});

const labels = z.record(z.string(), z.string());

export const sentenceParts = z
  .array(z.union([z.object({ text: z.string() }), z.object({ instant: z.iso.datetime() })]))
  .describe('The same sentence, with instants to be shown in the time zone of the reader');

export const anomalyDetail = anomalyItem.extend({
  unit: z.enum(['raw', 'per_second']).describe('Counters are scored per second'),
  sentence: z.string().describe('What happened, in one sentence made from the facts below; instants in UTC'),
  parts: sentenceParts,
  valueText: z.string().describe('The value with its unit'),
  expectedText: z.string().describe('The expectation with its unit; empty where there is none'),
  channels: z
    .array(z.object({ channel: z.string(), score: z.number() }))
    .describe('Ways of looking that know the series, strongest first; 1.0 is the boundary'),
  rarity: z.object({
    text: z.string(),
    side: z.enum(['above', 'below']).nullable(),
    points: z.number().int().describe('Points of the history that were looked at'),
    asFar: z.number().int().describe('How many of them were as far off on the same side'),
    spanSeconds: z.number().describe('From the first of them to the anomaly'),
  }),
  coMovers: z
    .array(
      z.object({
        seriesId: z.number().int().nullable(),
        labels,
        score: z.number().describe('Highest around the peak'),
        text: z.string(),
      }),
    )
    .describe('What else was unusual at that time, most unusual first; one of each metric and service'),
  shares: z
    .array(z.object({ labels, share: z.number(), text: z.string() }))
    .describe('For the residual of a service: its signals by their share in it; empty for other series'),
  links: z.object({
    chart: z.string().describe('Page of the series around the anomaly, relative to the UI'),
    scores: z.string().describe('Value, band and scores as JSON, relative to the API'),
    query: z.string().describe('PromQL of what was scored, for the Prometheus that the series came from'),
  }),
});
