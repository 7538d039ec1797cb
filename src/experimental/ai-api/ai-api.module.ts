import type { DynamicModule } from '@nestjs/common';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { AiApiController } from './ai-api.controller.js';
import { ScoringController } from './scoring.controller.js';
import { WindowScoring } from './scoring.service.js';
import { WindowScorer } from './window-scorer.js';

export class AiApiModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: AiApiModule,
      controllers: context.serves ? [AiApiController, ScoringController] : [],
      providers: context.serves ? [WindowScorer, WindowScoring] : [],
    };
  }
}
