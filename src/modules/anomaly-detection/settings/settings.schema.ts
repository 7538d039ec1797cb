import { z } from 'zod';
import { WEEKDAYS } from '../../../engine/detection/settings/detection-settings.types.js';
import { minutesOf } from '../../../engine/detection/settings/wall-clock.js';
import { isTimeZone } from '../../../engine/scaling/keda/cron/time-zone.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import { pageOf } from '../../../platform/http/paging.js';
import { freeText, oneLine } from '../../../platform/http/text.js';

const reason = oneLine(z.string().trim().min(1).max(200));

export const selectorText = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    if (text.trim() === '') return;
    try {
      parseSelector(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  })
  .describe('Prometheus series selector, `http_requests_total{job="shop"}`; empty: every series');

const weeklyFields = {
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin or UTC')
    .describe('IANA time zone'),
  weekdays: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'must name each day once'),
  from: timeOfDay('inclusive'),
  to: timeOfDay('exclusive; not after `from`: the next day'),
};

const businessHours = z
  .strictObject(weeklyFields)
  .refine(({ from, to }) => from !== to, { message: 'must not be empty: `from` and `to` are the same', path: ['to'] })
  .meta({ id: 'DetectionBusinessHours' });

const instantText = z.iso.datetime({ offset: true }).describe('ISO 8601 with time zone');

const once = z
  .strictObject({ kind: z.literal('once'), from: instantText, to: instantText, reason })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: 'must be after `from`', path: ['to'] });

const weekly = z
  .strictObject({ kind: z.literal('weekly'), ...weeklyFields, reason })
  .refine(({ from, to }) => from !== to, { message: 'must not be empty: `from` and `to` are the same', path: ['to'] });

export const settingsRule = z
  .strictObject({
    name: oneLine(z.string().trim().min(1).max(100)),
    match: selectorText,
    direction: z.enum(['both', 'above', 'below']).optional().describe('Which side of the expectation counts'),
    minimumDeviation: z
      .number()
      .positive()
      .optional()
      .describe('In the unit that is scored: per second for counters. Smaller deviations never count'),
    minimumRelativeDeviation: z.number().min(0).max(10).optional().describe('Share of the expected value: 0.2 is 20 %'),
    dataRange: z
      .strictObject({ lower: z.number().optional(), upper: z.number().optional() })
      .refine(({ lower, upper }) => lower !== undefined || upper !== undefined, 'must have `lower`, `upper` or both')
      .refine(({ lower, upper }) => lower === undefined || upper === undefined || lower < upper, {
        message: 'must be greater than `lower`',
        path: ['upper'],
      })
      .optional()
      .describe('A value outside is an anomaly whatever the history says'),
    sensitivity: z.number().min(0.1).max(10).optional().describe('2 makes the band half as wide, 0.5 twice as wide'),
    businessHours: businessHours.optional().describe('Outside these hours nothing opens and nothing is learned'),
    maintenance: z
      .array(z.discriminatedUnion('kind', [once, weekly]))
      .max(50)
      .optional(),
    excluded: z
      .union([z.strictObject({ reason }), z.literal(false)])
      .optional()
      .describe('Not scored, for a reason; false takes back an exclusion by a later rule or the configuration file'),
  })
  .meta({ id: 'DetectionSettingsRule' });

export const detectionSettings = z
  .strictObject({
    falseAlarmsPerWeek: z
      .number()
      .min(0.01)
      .max(1_000)
      .default(1)
      .describe('False alarms a week and 1,000 series that are acceptable'),
    rules: z
      .array(settingsRule)
      .max(200)
      .superRefine((rules, context) => {
        const seen = new Set<string>();
        rules.forEach(({ name }, index) => {
          if (seen.has(name)) {
            context.addIssue({ code: 'custom', path: [index, 'name'], message: 'must differ from all names before' });
          }
          seen.add(name);
        });
      })
      .default([])
      .describe('In order: for each setting the first matching rule that states it decides'),
  })
  .meta({ id: 'DetectionSettings' });

export const saveSettingsRequest = z.strictObject({
  settings: detectionSettings,
  comment: freeText(z.string().trim().min(1).max(1_000)).describe('Why, for whoever reads the history'),
});

export const restoreSettingsRequest = z.strictObject({
  comment: freeText(z.string().trim().min(1).max(1_000)).optional(),
});

const versionFields = {
  version: z.number().int().describe('0: nobody has saved any'),
  comment: z.string(),
  restoredFrom: z.number().int().nullable(),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
};

export const settingsVersion = z
  .object({ ...versionFields, settings: detectionSettings })
  .meta({ id: 'DetectionSettingsVersion' });

export const settingsVersionPage = pageOf(settingsVersion);

export const settingsDiff = z.object({
  from: z.number().int(),
  to: z.number().int(),
  differences: z.array(
    z.object({
      path: z.string().describe('`rules[shop].sensitivity`'),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
    }),
  ),
});

function timeOfDay(description: string) {
  return z
    .string()
    .refine((text) => !Number.isNaN(minutesOf(text)), 'must be a time of day from 00:00 to 24:00')
    .describe(`HH:MM, ${description}`);
}
