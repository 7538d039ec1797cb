import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

export const inferenceConfig = defineConfig({
  key: 'inference',
  title: 'Inference',
  description: 'ONNX models and how they run. Only workers load the ONNX runtime.',
  schema: z.object({
    modelsDir: z
      .string()
      .min(1)
      .default('models')
      .describe(
        'Folder with <id>/<version>/manifest.json and the model file. A relative path starts at the project folder.',
      ),
    threads: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe('Threads within one run. More workers use more cores better than more threads do.'),
    maxModelMegabytes: z.number().min(0.001).max(2_048).default(64).describe('A larger model file is refused at boot.'),
    slowRunMs: z
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(2_000)
      .describe('Longer runs are logged as warnings. 0 means none.'),
  }),
});

export type InferenceConfig = ConfigOf<typeof inferenceConfig>;
