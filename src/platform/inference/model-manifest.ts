import { z } from 'zod';

const tensor = z.object({
  name: z.string().min(1),
  type: z.literal('float32'),
  shape: z.array(z.union([z.number().int().positive(), z.string()])).describe('A name stands for a size that may vary'),
  description: z.string(),
});

/** `models/<id>/<version>/manifest.json`: what a model is, where it comes from, and the checksum it must have. */
export const modelManifest = z.object({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case'),
  version: z.string().regex(/^[0-9]+(\.[0-9]+)*$/, 'numbers with dots'),
  title: z.string(),
  description: z.string(),
  task: z.enum(['anomaly-detection', 'forecasting']),
  opset: z.number().int().positive(),
  inputs: z.array(tensor).min(1),
  outputs: z.array(tensor).min(1),
  madeBy: z.string(),
  trainedOn: z.string(),
  licence: z.string(),
  stage: z
    .enum(['candidate', 'shadow', 'active'])
    .default('candidate')
    .describe('What it is in a fresh installation, where it is a model that is chosen'),
  scores: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Its score cards on held-out data, by name of the data'),
  file: z.string().regex(/^[\w.-]+\.onnx$/, 'a file name beside the manifest, ending in .onnx'),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
});

export type ModelManifest = Readonly<z.output<typeof modelManifest>>;
