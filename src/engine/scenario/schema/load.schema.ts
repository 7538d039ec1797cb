import { z } from 'zod';
import type { LoadPartSpec } from '../load.types.js';
import { LIMITS } from '../limits.js';
import { shown } from './advice.js';
import { OPERATION, retries } from './call.schema.js';
import { duration, flag, list, named, number, rate, ratio, section, text } from './fields.js';
import { textForm } from './forms.js';

const at = (description: string) => duration(description, { bare: true, max: LIMITS.duration });

const hour = z
  .union([z.string(), z.number()], { error: 'must be a time of day such as 20:30' })
  .meta({
    description: 'Time of day of the peak, wall clock of the scenario.',
    unit: 'time of day',
    examples: ['20:30'],
    forms: [textForm(/^([01]?\d|2[0-3]):[0-5]\d$|^24:00$/), { type: 'number', minimum: 0, maximum: 24 }],
  })
  .transform((input, context) => {
    const match = typeof input === 'string' ? /^(\d{1,2}):([0-5]\d)$/.exec(input) : null;
    const value = match ? Number(match[1]) + Number(match[2]) / 60 : typeof input === 'number' ? input : NaN;
    if (value >= 0 && value <= 24) return value;
    context.issues.push({ code: 'custom', input, message: `must be a time of day such as 20:30, not ${shown(input)}` });
    return z.NEVER;
  });

const factor = (description: string) => number(description, { min: 0, max: 10_000 }).meta({ samples: [3] });

const parts = {
  daily: section({
    amplitude: ratio('From 1 - amplitude at night to 1 + amplitude at the peak.'),
    peak: hour.prefault('20:00'),
    sharpness: number('1: a cosine; more: a narrower peak and a longer night.', { above: 0, max: 20 }).prefault(1),
  }).describe('One cycle a day.'),
  weekly: list(factor('Factor of a day.'), 'A factor for each day of the week, Monday first.', 7, 7).meta({
    examples: [[1, 1, 1, 1, 1.1, 0.7, 0.6]],
  }),
  trend: section({ perDay: ratio('Growth per day, compounded.', { min: -0.99, max: 10 }) }).describe(
    'Grows or shrinks.',
  ),
  noise: section({
    cv: ratio('Standard deviation as a share of the mean.', { min: 0, max: 10 }),
    correlation: duration('How long it remembers: correlation time.', {
      bare: true,
      above: 0,
      max: LIMITS.duration,
    }).prefault('5m'),
  }).describe('Random, with autocorrelation.'),
  bursts: section({
    perDay: number('So many a day, on average.', { min: 0, max: 86_400 }).meta({ samples: [12] }),
    factor: factor('Load times, during a burst.'),
    duration: duration('Length of a burst.', { bare: true, above: 0, max: LIMITS.duration }).prefault('5m'),
  }).describe('Short bursts at random times.'),
  flashCrowd: section({
    at: at('When it starts.'),
    factor: factor('Load times, at its height.'),
    rise: at('From the start to the height.').prefault('1m'),
    hold: at('How long it stays there.').prefault('10m'),
    decay: at('Time constant of the decline.').prefault('15m'),
  }).describe('Comes fast, stays, and fades.'),
  ramp: section({
    at: at('When it starts.'),
    duration: at('How long it takes.'),
    from: factor('Factor before.').prefault(1),
    to: factor('Factor from then on.'),
  }).describe('From one factor to another, linearly.'),
} as const;

const part = section({
  daily: parts.daily.optional(),
  weekly: parts.weekly.optional(),
  trend: parts.trend.optional(),
  noise: parts.noise.optional(),
  bursts: parts.bursts.optional(),
  flashCrowd: parts.flashCrowd.optional(),
  ramp: parts.ramp.optional(),
})
  .meta({
    description: 'One part; its factor over time is multiplied with those of the others.',
    minProperties: 1,
    maxProperties: 1,
  })
  .transform((value, context): LoadPartSpec => {
    const given = Object.values(value).filter((each) => each !== undefined);
    if (given.length !== 1) {
      context.issues.push({
        code: 'custom',
        input: value,
        message: `give exactly one of ${Object.keys(parts).join(', ')} per item`,
      });
      return z.NEVER;
    }
    if (value.daily) return { kind: 'daily', ...value.daily };
    if (value.weekly) return { kind: 'weekly', days: value.weekly };
    if (value.trend) return { kind: 'trend', ...value.trend };
    if (value.noise) return { kind: 'noise', ...value.noise };
    if (value.bursts) return { kind: 'bursts', ...value.bursts };
    if (value.flashCrowd) return { kind: 'flash-crowd', ...value.flashCrowd };
    return { kind: 'ramp', ...value.ramp! };
  });

const weight = ratio('Share of users, relative to the other clusters.', { min: 0, max: 1e6 });
export const weightsSchema = named(weight, 'Share of users per cluster, relative to each other.', LIMITS.clusters);

const replay = section({
  file: text('CSV (`time,value`) or JSON of a Prometheus range query; the path counts from this file.', {
    max: 500,
    example: './requests.csv',
  }).optional(),
  points: list(
    z.tuple([at('Time from the start.'), rate('Arrivals per second.')], {
      error: () => 'must be [time, rate], for example [10m, 120]',
    }),
    'Points `[time, rate]`, joined by lines.',
    10_000,
    1,
  ).optional(),
  repeat: flag('Starts over at its end.').prefault(false),
  scale: factor('The recorded values times this.').prefault(1),
}).describe('A recorded series of arrivals per second.');

export const entrySchema = section(
  {
    to: text('`service.operation`, or a service with one operation.', { max: 101, example: 'web.home' }).meta({
      pattern: OPERATION.source,
    }),
    rate: rate('Mean arrivals of users per second.').optional(),
    replay: replay.optional(),
    shape: list(part, 'What the rate is multiplied with over time.', LIMITS.partsPerEntryPoint).prefault([]),
    client: section(
      {
        timeout: duration('Patience of a user.', { above: 0, none: true, max: 86_400 }).prefault('10s'),
        retries: retries.describe('What a user does after a failure.'),
      },
      'What a user does.',
    ).prefault({}),
    weights: weightsSchema
      .optional()
      .describe('Share of users per cluster, relative to each other. Left out: even over the clusters of the service.'),
    dnsTtl: duration(
      'Changed weights reach users over this time; so does the news, 90 s after the fact, that a cluster has no ready pods.',
      { bare: true, max: 86_400 },
    ).prefault('60s'),
  },
  'Where users come in: a Poisson stream of arrivals.',
);

export type RawEntry = z.output<typeof entrySchema>;
export type RawReplay = z.output<typeof replay>;
