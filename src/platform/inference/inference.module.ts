import { Module, type DynamicModule } from '@nestjs/common';
import { FileModelRegistry } from './file-model-registry.js';
import { inferenceConfig, type InferenceConfig } from './inference.config.js';
import { InferenceHealth } from './inference.health.js';
import { IsolatedModels } from './isolated-models.js';
import { inferenceMetrics } from './inference.metrics.js';
import { ModelRegistry } from './model-registry.js';
import { ModelRunner } from './model-runner.js';
import { ModelTrials } from './model-trials.js';
import { OnnxModelRunner } from './onnx-model-runner.js';

@Module({})
export class InferenceModule {
  static forRoot(): DynamicModule {
    return {
      module: InferenceModule,
      global: true,
      providers: [
        {
          provide: ModelRegistry,
          inject: [inferenceConfig.token],
          useFactory: (config: InferenceConfig) => FileModelRegistry.open(config),
        },
        { provide: ModelRunner, useClass: OnnxModelRunner },
        InferenceHealth,
        IsolatedModels,
        ModelTrials,
        ...inferenceMetrics,
      ],
      exports: [IsolatedModels, ModelRegistry, ModelRunner, ModelTrials],
    };
  }
}
