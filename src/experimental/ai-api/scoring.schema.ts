import { z } from 'zod';

const finite = z.number();
const LABEL_LIMIT = 64;

const windowSeries = z
  .object({
    labels: z
      .record(z.string().min(1).max(200), z.string().max(1_000))
      .refine((labels) => Object.keys(labels).length <= LABEL_LIMIT, `must have at most ${LABEL_LIMIT} labels`)
      .default({})
      .describe('As in Prometheus, `__name__` included. Names the series in answers; its unit follows from its name'),
    type: z
      .enum(['counter', 'gauge', 'unknown'])
      .default('unknown')
      .describe('Counters are scored as their rate per second, resets handled'),
    values: z
      .array(finite.nullable())
      .min(1)
      .describe('Oldest first; null where nothing was observed. JSON knows no NaN or infinity, and neither do we'),
    times: z
      .array(z.number().int())
      .optional()
      .describe('Epoch milliseconds of the values, ascending. Unset: one value per step, the newest at `end`'),
    direction: z.enum(['both', 'above', 'below']).default('both'),
    minimumDeviation: z.number().positive().optional().describe('In the unit that is scored'),
    minimumRelativeDeviation: z.number().min(0).max(10).default(0.2).describe('Share of the expected value'),
    dataRange: z.object({ lower: z.number(), upper: z.number() }).optional(),
  })
  .meta({ id: 'WindowSeries' });

export const scoreRequest = z
  .object({
    environmentId: z.uuid().optional().describe('Scores with the models and the calibration of this environment'),
    stepSeconds: z.number().min(0.001).max(86_400).default(15).describe('Distance between points'),
    end: z.iso.datetime({ offset: true }).optional().describe('Time of the newest point; unset: 2026-01-05T00:00:00Z'),
    falseAlarmsPerWeek: z.number().min(0.001).max(10_000).default(1).describe('Per 1,000 series: sets what 1.0 means'),
    points: z.enum(['last', 'all']).default('last').describe('Whether to answer the newest point only, or all'),
    series: z.array(windowSeries).min(1),
  })
  .meta({ id: 'ScoreRequest' });

export type ScoreRequest = z.output<typeof scoreRequest>;

const scoredPoint = z
  .object({
    at: z.iso.datetime(),
    value: z.number().nullable(),
    score: z.number().nullable().describe('1.0 is the boundary; null: not scored'),
    yhat: z.number().nullable(),
    yhatLower: z.number().nullable(),
    yhatUpper: z.number().nullable(),
    contributions: z.record(z.string(), z.number()).describe('Score of each channel that looked at it'),
  })
  .meta({ id: 'ScoredWindowPoint' });

const scoredSeries = z
  .object({
    labels: z.record(z.string(), z.string()),
    unit: z.enum(['raw', 'per_second']).describe('Of values, expectation and band'),
    state: z.enum(['ok', 'learning', 'no-value']).describe('Of the newest point'),
    missingPoints: z.number().int().describe('Points it lacks before it is scored'),
    anomalous: z.boolean().describe('Whether an anomaly is open at the newest point'),
    points: z.array(scoredPoint).describe('Oldest first; only the newest unless all were asked for'),
    sentence: z.string().nullable().describe('In plain words, where the newest point scores above 1'),
  })
  .meta({ id: 'ScoredSeries' });

export const scoreResponse = z
  .object({
    detector: z.string(),
    models: z.string().describe('Versions that took part'),
    degraded: z.string().nullable().describe('Why the learned model took no part'),
    series: z.array(scoredSeries),
  })
  .meta({ id: 'ScoreResponse' });

export type ScoreResponse = z.output<typeof scoreResponse>;

export const explainResponse = z
  .object({
    detector: z.string(),
    models: z.string(),
    degraded: z.string().nullable(),
    series: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        score: z.number().nullable(),
        sentence: z.string().nullable().describe('Null where the newest point was not scored'),
        value: z.string().nullable(),
        expected: z.string().nullable(),
        rarity: z.string().nullable(),
        channels: z.array(
          z.object({
            name: z.string(),
            active: z.boolean(),
            score: z.number().nullable(),
            reason: z.string().describe('Why it looks at this series, or why not'),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ExplainResponse' });

export type ExplainResponse = z.output<typeof explainResponse>;
