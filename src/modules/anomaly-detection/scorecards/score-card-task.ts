import { z } from 'zod';
import { freeText, oneLine } from '../../../platform/http/text.js';
import { detectionSettings, selectorText } from '../settings/settings.schema.js';
import { LABEL_SOURCES } from './label-sources.js';

const name = oneLine(z.string().trim().min(1).max(100));

/** The shipped ones, then simple ones to compare with. */
export const SCORED_DETECTORS = [
  'channel-ensemble',
  'robust-window',
  'windowed-gaussian',
  'value-knn',
  'range-novelty',
] as const;
export type ScoredDetector = (typeof SCORED_DETECTORS)[number];

export const configuration = z
  .strictObject({
    name,
    version: z.number().int().min(0).optional().describe('Of the detection settings; 0: none. Default: what holds now'),
    settings: detectionSettings.optional().describe('A document of its own, in place of a version'),
    detector: z
      .enum(SCORED_DETECTORS)
      .optional()
      .describe('In place of the one that scores the environment; settings hold for it too'),
    rules: freeText(z.string().min(1).max(100_000))
      .optional()
      .describe('In place of a detector: the text of a rule file of Prometheus, whose alerts are scored'),
  })
  .refine(({ version, settings }) => version === undefined || settings === undefined, {
    message: 'give `version` or `settings`, not both',
    path: ['settings'],
  })
  .refine(
    ({ rules, version, settings, detector }) =>
      rules === undefined || (version === undefined && settings === undefined && detector === undefined),
    { message: 'stand alone: leave out `version`, `settings` and `detector`', path: ['rules'] },
  );

/** A label as callers give it; times as epoch milliseconds once it is kept. */
export const keptLabel = z.object({
  kind: name,
  where: z.string(),
  from: z.number(),
  to: z.number(),
  services: z.array(z.string()).nullable(),
});

/** A score card as it is kept while it is computed. */
export const scoreCardTask = z.object({
  match: selectorText,
  from: z.number(),
  to: z.number(),
  sources: z.array(z.enum(LABEL_SOURCES)),
  labels: z.array(keptLabel),
  configurations: z.array(configuration).min(1),
});
export type ScoreCardTask = z.output<typeof scoreCardTask>;

export const scoreCardTitle = freeText(z.string().trim().min(1).max(200));
