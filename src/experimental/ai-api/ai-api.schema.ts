import { z } from 'zod';

const tensorSchema = z
  .object({
    name: z.string(),
    type: z.literal('float32'),
    shape: z.array(z.union([z.number().int(), z.string()])).describe('A name stands for a size that may vary'),
    description: z.string(),
  })
  .meta({ id: 'ModelTensor' });

export const modelSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    title: z.string(),
    description: z.string(),
    task: z.enum(['anomaly-detection', 'forecasting']),
    opset: z.number().int(),
    inputs: z.array(tensorSchema),
    outputs: z.array(tensorSchema),
    madeBy: z.string(),
    trainedOn: z.string(),
    licence: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
  })
  .meta({ id: 'Model' });

export const modelsResponse = z.object({ items: z.array(modelSchema) }).meta({ id: 'Models' });
export const modelId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the id of a model');
export const modelQuery = z.object({ version: z.string().max(50).optional().describe('Unset: the newest') });
