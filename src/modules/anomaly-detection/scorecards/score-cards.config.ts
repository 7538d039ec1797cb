import { z } from 'zod';

/** `anomalyDetection.scoreCards`: what scoring alert rules needs. */
export const scoreCardsSettings = z.object({
  promtool: z
    .string()
    .min(1)
    .optional()
    .describe('Path of `promtool`. With `prometheus`, score cards take alert rules; without, they refuse them.'),
  prometheus: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the `prometheus` server that evaluates alert rules over stored telemetry: started for it on loopback, by the worker, and ended after it.',
    ),
  maximumRuleSamples: z
    .number()
    .int()
    .min(1_000)
    .max(1_000_000_000)
    .default(20_000_000)
    .describe('Samples that the alert rules of a score card may read, by the tick; more are refused.'),
});
export type ScoreCardsSettings = z.output<typeof scoreCardsSettings>;
