import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../config/define-config.js';
import { inferenceConfig, type InferenceConfig } from './inference.config.js';
import { ModelTooSlowError } from './inference.errors.js';
import type { GraphShape } from './model-host.messages.js';
import { ModelHostProcess } from './model-host-process.js';
import type { Tensors } from './model-runner.js';

/** A model that is open in a process of its own, for a moment. */
export interface TrialModel {
  readonly shape: GraphShape;
  run(inputs: Tensors, timeoutMs: number): Promise<{ readonly outputs: Tensors; readonly ms: number }>;
}

/** Opens files of unknown origin, each in a fresh process that ends with the trial. */
@Injectable()
export class ModelTrials {
  constructor(@InjectConfig(inferenceConfig) private readonly config: InferenceConfig) {}

  /**
   * Opens the model and hands it to `work`. Throws `inference.run_failed` where the file is no model,
   * `inference.model_too_slow` (also where the whole takes longer than `timeoutMs`), `inference.model_memory_exceeded`,
   * and `inference.model_process_ended` where it crashed the runtime.
   */
  async withModel<T>(
    name: string,
    bytes: Uint8Array,
    timeoutMs: number,
    work: (model: TrialModel) => Promise<T>,
  ): Promise<T> {
    const host = new ModelHostProcess({ memoryMegabytes: this.config.modelMemoryMegabytes });
    const timer = setTimeout(() => host.kill(new ModelTooSlowError(name, timeoutMs)), timeoutMs);
    try {
      const shape = await host.open(name, name, bytes, timeoutMs);
      return await work({ shape, run: (inputs, limitMs) => host.run(name, name, inputs, limitMs) });
    } finally {
      clearTimeout(timer);
      host.kill();
    }
  }
}
