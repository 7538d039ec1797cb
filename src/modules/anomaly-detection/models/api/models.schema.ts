import { z } from 'zod';
import { instantDate } from '../../../../platform/http/instant.js';
import { pageOf, pageQuery } from '../../../../platform/http/paging.js';
import { freeText, oneLine } from '../../../../platform/http/text.js';
import { MODEL_KINDS, MODEL_ORIGINS, MODEL_STAGES } from '../model.types.js';

const time = z.iso.datetime();
const environmentId = z.uuid();
const why = freeText(z.string().trim().min(1).max(2_000)).describe('For the audit trail, and for whoever asks later');

export const modelId = z.uuid();
export const modelParams = z.object({ id: modelId });
export const environmentModelsParams = z.object({ environmentId });

export const modelsQuery = pageQuery.extend({
  kind: z.enum(MODEL_KINDS).optional(),
  stage: z.enum(MODEL_STAGES).optional().describe('Versions that were put into this stage somewhere'),
  environmentId: environmentId.optional().describe('Versions that may be used there'),
});

export const uploadQuery = z.object({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case: lower-case words with hyphens'),
  version: z
    .string()
    .max(50)
    .regex(/^[0-9]+(\.[0-9]+)*$/, 'must be numbers with dots')
    .optional()
    .describe('Unset: the next whole number'),
  title: oneLine(z.string().trim().min(1).max(200)).optional(),
  description: freeText(z.string().max(4_000)).default(''),
  licence: oneLine(z.string().max(200)).optional(),
  trainedOn: freeText(z.string().max(4_000)).optional().describe('Which data, in words'),
  trainedFrom: instantDate.optional(),
  trainedUntil: instantDate.optional(),
  why,
});

export const stageRequest = z
  .object({ environmentId: environmentId.nullable().default(null).describe('Null: everywhere'), why })
  .meta({ id: 'ModelStageRequest' });

export const promoteRequest = stageRequest
  .extend({ to: z.enum(['shadow', 'active']).optional().describe('Unset: the next stage') })
  .meta({ id: 'ModelPromotion' });

export const resumeRequest = z.object({ why }).meta({ id: 'ModelResumption' });

const tensor = z
  .object({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })
  .meta({ id: 'ModelGraphTensor' });

export const modelVersion = z
  .object({
    id: modelId,
    name: z.string(),
    version: z.string(),
    kind: z.enum(MODEL_KINDS),
    origin: z.enum(MODEL_ORIGINS),
    environmentId: environmentId.nullable().describe('The only environment it is for; null where it fits any'),
    title: z.string(),
    description: z.string(),
    licence: z.string().nullable(),
    trainedOn: z.string().nullable(),
    trainedFrom: time.nullable(),
    trainedUntil: time.nullable(),
    sha256: z.string(),
    bytes: z.number().int(),
    inputs: z.array(tensor),
    outputs: z.array(tensor),
    calibration: z.unknown().describe('Of calibrations; null for others'),
    metrics: z.record(z.string(), z.unknown()).describe('Score cards and figures of trials, by name'),
    createdAt: time,
    createdBy: z.string(),
    why: z.string(),
    state: z.enum(['ready', 'suspended']),
    reason: z.string().nullable().describe('Why it is suspended'),
    stages: z.array(
      z.object({
        environmentId: environmentId.nullable().describe('Null: everywhere'),
        stage: z.enum(MODEL_STAGES),
        since: time,
        next: z.enum(MODEL_STAGES).nullable().describe('Where a promotion leads; null: it is active'),
        rollBackTo: z
          .enum(MODEL_STAGES)
          .nullable()
          .describe('Where a roll-back leads; null: it has no change of its own that could be undone'),
        mayRetire: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ModelVersion' });

export const modelPage = pageOf(modelVersion).meta({ id: 'ModelVersionPage' });

export const modelChanges = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        environmentId: environmentId.nullable(),
        from: z.enum(MODEL_STAGES),
        to: z.enum(MODEL_STAGES),
        replacedId: z.uuid().nullable().describe('The version that was active before'),
        actor: z.string(),
        why: z.string(),
        at: time,
        rolledBackAt: time.nullable(),
      }),
    ),
  })
  .meta({ id: 'ModelChanges' });

export const cardQuery = z.object({
  environmentId,
  since: instantDate.optional().describe('Event time; unset: since it first ran in shadow there'),
});

const judge = z
  .object({
    anomalies: z.number().int(),
    anomaliesPerWeek: z.number().nullable().describe('Per 1,000 series and week'),
    falseAlarms: z.number().int(),
    falseAlarmsPerWeek: z.number().nullable().describe('Per 1,000 series and week'),
    falseAlarmsLow: z.number().nullable().describe('Lower end of the 95 % interval of this rate'),
    falseAlarmsHigh: z.number().nullable().describe('Upper end'),
    found: z.number().int().describe('Of the labelled stretches where something was wrong'),
    disturbed: z.number().int().describe('Of the stretches that people called normal'),
  })
  .meta({ id: 'ShadowJudge' });

export const shadowCardSchema = z
  .object({
    modelId,
    environmentId,
    from: time.nullable(),
    until: time.nullable(),
    points: z.number(),
    agreement: z.number().nullable(),
    meanDifference: z.number().nullable(),
    labels: z.object({ wrong: z.number().int(), normal: z.number().int() }),
    active: judge,
    shadow: judge,
    expectedFalseAlarms: z.number(),
    verdict: z.enum(['better', 'worse', 'no-difference', 'no-data']),
    reason: z.string(),
  })
  .meta({ id: 'ShadowCard' });

export const comparisonQuery = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(modelId).min(2).max(10))
    .describe('Ids of 2 to 10 versions, separated by commas'),
  environmentId: environmentId.optional().describe('Adds the score cards of shadows there'),
});

export const comparison = z
  .object({
    models: z.array(modelVersion),
    metrics: z
      .array(z.object({ metric: z.string(), values: z.array(z.number().nullable()) }))
      .describe('Every figure that any of them has; values in the order of the models'),
    cards: z.array(shadowCardSchema.nullable()),
  })
  .meta({ id: 'ModelComparison' });

export const environmentModels = z
  .object({
    revision: z.string(),
    calibration: modelVersion.nullable().describe('Null: the one that ships with the detector'),
    windowModel: modelVersion.nullable().describe('Null: plain channels only'),
    degraded: z.string().nullable().describe('Why the active window model does not score'),
    shadows: z.array(modelVersion),
  })
  .meta({ id: 'EnvironmentModels' });

export const refitRequest = z.object({ why }).meta({ id: 'RefitRequest' });

export const refit = z
  .object({
    id: z.uuid(),
    reason: z.enum(['schedule', 'drift', 'request']),
    why: z.string(),
    state: z.enum(['fitting', 'shadow', 'promoted', 'retired', 'skipped', 'failed']),
    modelId: z.uuid().nullable(),
    startedAt: time,
    decideAt: time.nullable(),
    finishedAt: time.nullable(),
    outcome: z.string().nullable(),
    card: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'Refit' });

export const refits = z
  .object({
    items: z.array(refit),
    next: z.object({
      at: time.nullable(),
      missingHours: z
        .number()
        .nullable()
        .describe('Hours of history that the next refit waits for; null where there is enough, or waiting is no use'),
      text: z.string(),
    }),
  })
  .meta({ id: 'Refits' });
