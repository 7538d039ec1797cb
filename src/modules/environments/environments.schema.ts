import { z } from 'zod';
import { pageOf } from '../../platform/http/paging.js';
import { oneLine } from '../../platform/http/text.js';
import { maxSeries, retentionDays, tickSeconds } from './environment-limits.js';
import { MAX_SLUG_LENGTH, SLUG_PATTERN } from './slug.js';

const KINDS = ['simulated', 'host', 'live'] as const;

const name = oneLine(z.string().trim().min(1).max(100));

const slug = z
  .string()
  .max(MAX_SLUG_LENGTH)
  .regex(SLUG_PATTERN, 'use lower-case letters and digits, words joined by single hyphens');

const settings = {
  tickSeconds: tickSeconds.optional().describe('How often detectors look at new samples, in seconds'),
  retentionDays: retentionDays.optional().describe('How long samples are kept, in days'),
  maxSeries: maxSeries.optional().describe('Series beyond this many are refused at ingestion'),
};

export const environmentId = z.uuid();

export const createEnvironmentRequest = z.strictObject({
  name,
  slug: slug.optional().describe('Stable short name for addresses; made from the name where left out'),
  kind: z.enum(KINDS).default('live').describe('Only `live` can be created here'),
  ...settings,
});

export const changeEnvironmentRequest = z
  .strictObject({ name: name.optional(), ...settings })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), {
    message: 'name at least one of name, tickSeconds, retentionDays, maxSeries',
  });

export const deleteEnvironmentQuery = z.object({
  confirm: z.string().max(MAX_SLUG_LENGTH).optional().describe('The slug, to show that it is meant'),
});

export const environmentResponse = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  kind: z.enum(KINDS),
  tickSeconds: z.number().int(),
  retentionDays: z.number().int(),
  maxSeries: z.number().int(),
  createdAt: z.iso.datetime(),
});

export const environmentPage = pageOf(environmentResponse);
