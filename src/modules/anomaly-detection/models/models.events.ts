import { z } from 'zod';
import { defineEvent } from '../../../platform/events/define-event.js';
import { MODEL_KINDS, MODEL_STAGES } from './model.types.js';

/** A version took another stage in an environment, or everywhere where no environment is named. */
export const ModelStageChanged = defineEvent({
  type: 'anomaly-detection.model-stage-changed',
  version: 1,
  payload: z.object({
    modelId: z.string(),
    name: z.string(),
    version: z.string(),
    kind: z.enum(MODEL_KINDS),
    environmentId: z.string().nullable(),
    from: z.enum(MODEL_STAGES),
    to: z.enum(MODEL_STAGES),
    actor: z.string(),
    why: z.string(),
  }),
});

/** An active or shadow model kept failing or was too slow: it scores nothing until somebody resumes it. */
export const ModelSuspended = defineEvent({
  type: 'anomaly-detection.model-suspended',
  version: 1,
  payload: z.object({ modelId: z.string(), name: z.string(), version: z.string(), reason: z.string() }),
});
