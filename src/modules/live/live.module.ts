import type { DynamicModule } from '@nestjs/common';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { LiveController } from './live.controller.js';
import { LiveMetrics, liveMetrics } from './live.metrics.js';

export class LiveModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: LiveModule,
      controllers: context.serves ? [LiveController] : [],
      providers: [...liveMetrics, LiveMetrics],
    };
  }
}
