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
    modelRunLimitMs: z
      .number()
      .int()
      .min(1)
      .max(600_000)
      .default(1_000)
      .describe('A run of an uploaded model that takes longer is cut off, and the model scores nothing this tick.'),
    modelMemoryMegabytes: z
      .number()
      .int()
      .min(128)
      .max(65_536)
      .default(512)
      .describe('Memory of the process that runs uploaded models. More ends it, and the model that ran in it.'),
    modelSessions: z
      .number()
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe('Uploaded models that one process keeps open; the least recently used ones are closed.'),
  }),
});

export type InferenceConfig = ConfigOf<typeof inferenceConfig>;
