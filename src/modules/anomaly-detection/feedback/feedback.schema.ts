import { z } from 'zod';
import { instantDate } from '../../../platform/http/instant.js';
import { pageOf, pageQuery } from '../../../platform/http/paging.js';
import { freeText } from '../../../platform/http/text.js';
import { changeEffect } from '../studies/change-effect.schema.js';
import { studyFields } from '../studies/study-view.js';
import { FEEDBACK_KINDS, FEEDBACK_SCOPES } from './feedback-task.js';

const seriesId = z.number().int().positive().max(0x7fffffff);
const comment = freeText(z.string().trim().max(1_000)).default('');

const subjectFields = {
  kind: z.enum(FEEDBACK_KINDS),
  scope: z
    .enum(FEEDBACK_SCOPES)
    .default('series')
    .describe('`like`: all series of the same metric and the same service or job'),
  anomalyId: z.uuid().optional(),
  seriesId: seriesId.optional(),
  from: instantDate.optional(),
  to: instantDate.optional(),
};

interface Subject {
  readonly anomalyId?: string | undefined;
  readonly seriesId?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

function checkSubject({ anomalyId, seriesId: id, from, to }: Subject, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (anomalyId !== undefined) {
    if (id !== undefined || from !== undefined || to !== undefined) {
      issue('anomalyId', 'stands alone: leave out `seriesId`, `from` and `to`');
    }
    return;
  }
  if (id === undefined) issue('seriesId', 'is needed, with `from` and `to`, where there is no `anomalyId`');
  if (from === undefined) issue('from', 'is needed where there is no `anomalyId`');
  if (to === undefined) issue('to', 'is needed where there is no `anomalyId`');
  if (from && to && !(from < to)) issue('to', 'must be after `from`');
}

export const feedbackSubject = z.strictObject(subjectFields).superRefine(checkSubject);

export const giveFeedbackRequest = z
  .strictObject({
    ...subjectFields,
    kind: subjectFields.kind.optional(),
    previewId: z.uuid().optional().describe('Saves what this finished preview shows; the rest is known from it'),
    comment,
  })
  .superRefine((body, context) => {
    if (body.previewId === undefined) {
      if (body.kind === undefined) {
        context.addIssue({ code: 'custom', path: ['kind'], message: 'is needed where there is no `previewId`' });
      }
      checkSubject(body, context);
    } else if (body.anomalyId !== undefined || body.seriesId !== undefined) {
      context.addIssue({ code: 'custom', path: ['previewId'], message: 'stands alone, with `comment`' });
    }
  });

export const feedbackQuery = pageQuery.extend({
  seriesId: z.coerce.number().int().positive().max(0x7fffffff).optional(),
  active: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('true: what holds; false: what was undone'),
});

const factors = z
  .record(z.string(), z.number())
  .describe('By channel: its score is divided by this. Above 1 calms the channel, below 1 sharpens it');

const effect = changeEffect.extend({
  stretchHeeded: z.boolean().describe('Whether the stretch itself behaves as asked for'),
  summary: z.string(),
});

export const feedbackView = z
  .object({
    id: z.string(),
    state: z.enum(['computing', 'active', 'undone', 'failed', 'cancelled']),
    reason: z.string().nullable().describe('Why it failed'),
    kind: z.enum(FEEDBACK_KINDS),
    scope: z.enum(FEEDBACK_SCOPES),
    seriesId: z.number().int(),
    labels: z.record(z.string(), z.string()).nullable(),
    anomalyId: z.string().nullable(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    comment: z.string(),
    factors: factors.nullable(),
    effect: effect.nullable().describe('Over the days before it was given'),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    undoneBy: z.string().nullable(),
    undoneAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DetectionFeedback' });

export const feedbackPage = pageOf(feedbackView);

export const feedbackPreview = z
  .object({
    ...studyFields,
    result: z
      .object({ seriesId: z.number().int(), labels: z.record(z.string(), z.string()), factors, effect })
      .nullable()
      .describe('Null until it is finished'),
  })
  .meta({ id: 'DetectionFeedbackPreview' });
