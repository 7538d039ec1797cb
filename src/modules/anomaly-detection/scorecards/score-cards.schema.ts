import { z } from 'zod';
import { instantDate } from '../../../platform/http/instant.js';
import { pageOf } from '../../../platform/http/paging.js';
import { oneLine } from '../../../platform/http/text.js';
import { selectorText } from '../settings/settings.schema.js';
import { studyFields } from '../studies/study-view.js';
import { LABEL_SOURCES } from './label-sources.js';
import { configuration, SCORED_DETECTORS, scoreCardTitle } from './score-card-task.js';

const word = oneLine(z.string().trim().min(1).max(100));

export const createScoreCardRequest = z
  .strictObject({
    title: scoreCardTitle.default('Score card'),
    match: selectorText.default('').describe('Looks at these series only; default: all'),
    from: instantDate.optional().describe('Default: 7 days before `to`'),
    to: instantDate.optional().describe('Default: where event time stands'),
    sources: z
      .array(z.enum(LABEL_SOURCES))
      .default([...LABEL_SOURCES])
      .describe('Where known stretches come from: incidents that users confirmed, feedback, injected faults'),
    labels: z
      .array(
        z
          .strictObject({
            kind: word.default('label'),
            where: oneLine(z.string().max(200)).default(''),
            from: instantDate,
            to: instantDate,
            services: z.array(word).min(1).max(50).optional().describe('On which it can show; default: any'),
          })
          .refine(({ from, to }) => from < to, { message: 'must be after `from`', path: ['to'] }),
      )
      .max(1_000)
      .default([])
      .describe('Further stretches in which something was wrong'),
    configurations: z
      .array(configuration)
      .min(1)
      .max(6)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have names that differ')
      .default([{ name: 'current' }]),
  })
  .meta({ id: 'CreateScoreCard' });

const estimate = z
  .object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
  .describe('With the limits of its 95 % confidence interval; null: nothing to go by')
  .meta({ id: 'Estimate' });

const count = z.number().int();
const delay = z.object({ seconds: estimate, scrapes: estimate });

const stretchScore = z
  .object({
    kind: z.string(),
    stretches: count,
    found: count,
    recall: estimate,
    harmful: count,
    inTime: count,
    recallInTime: estimate,
    fromStart: delay,
    fromHarm: delay,
  })
  .meta({ id: 'StretchScore' });

const labelled = z.object({
  id: z.string(),
  kind: z.string(),
  where: z.string(),
  from: z.number().describe('Epoch milliseconds'),
  to: z.number(),
  harmedAt: z.number().nullable(),
  services: z.array(z.string()).nullable(),
  branch: z.string().nullable(),
});

const detection = z.looseObject({
  at: z.number().describe('Epoch milliseconds'),
  endedAt: z.number().nullable(),
  service: z.string().nullable(),
  subject: z.string(),
  reason: z.string(),
});

export const detectorScore = z
  .object({
    detector: z.string().describe('Name of the configuration'),
    all: stretchScore,
    byKind: z.array(stretchScore),
    inTimeByChance: z
      .number()
      .nullable()
      .optional()
      .describe('Share of the harmful stretches that as many pages at random times would find in time'),
    pages: z.object({ count, true: count, false: count, precision: estimate, perWeek: estimate }),
    calm: z.object({
      weeks: z.number(),
      thousandSeriesWeeks: z.number(),
      anomalies: count,
      pages: count,
      anomalyRate: estimate,
      pageRate: estimate,
      pagesPerWeek: estimate,
    }),
    misses: z.array(z.looseObject({ run: z.string(), stretch: labelled, late: z.boolean() })),
    falseAlarms: z.array(z.object({ run: z.string(), detection })),
    moreFalseAlarms: count,
  })
  .meta({ id: 'DetectorScore' });

const report = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    series: count.describe('Series that were looked at'),
    matched: count,
    labels: z.array(labelled),
    card: z.looseObject({ version: count, detectors: z.array(detectorScore) }),
  })
  .meta({ id: 'ScoreCardReport' });

export const scoreCardView = z
  .object({
    ...studyFields,
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    match: z.string(),
    configurations: z.array(z.string()),
    report: report.nullable().describe('Null until it is finished, and in lists'),
  })
  .meta({ id: 'ScoreCard' });

export const scoreCardChoices = z
  .object({
    detectors: z.array(z.enum(SCORED_DETECTORS)),
    rules: z.object({
      available: z.boolean().describe('Whether alert rules can be scored'),
      reason: z.string().nullable().describe('Why not, and what to configure'),
    }),
  })
  .meta({ id: 'ScoreCardChoices' });

export const scoreCardPage = pageOf(scoreCardView);

export const scoreCardComparison = z
  .object({
    cards: z.array(z.object({ id: z.string(), title: z.string(), createdAt: z.iso.datetime() })),
    rows: z.array(
      z.object({
        card: z.string().describe('Id of the score card'),
        configuration: z.string(),
        recall: estimate,
        recallInTime: estimate,
        precision: estimate,
        pagesPerWeek: estimate,
        falseAlarmRate: estimate.describe('Per 1,000 series and week, outside of labelled stretches'),
        secondsToDetect: estimate,
      }),
    ),
  })
  .meta({ id: 'ScoreCardComparison' });
