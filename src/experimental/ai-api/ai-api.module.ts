import type { DynamicModule } from '@nestjs/common';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { AiApiController } from './ai-api.controller.js';

export class AiApiModule {
  static register(context: ModuleContext): DynamicModule {
    return { module: AiApiModule, controllers: context.serves ? [AiApiController] : [] };
  }
}
