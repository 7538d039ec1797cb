import type { DynamicModule } from '@nestjs/common';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { DebugController } from './debug.controller.js';
import { FeaturesController } from './features.controller.js';
import { LogLevelController } from './log-level.controller.js';
import { OperationsAudit } from './operations-audit.js';
import { QueueDashboardController } from './queue-dashboard.controller.js';
import { QueueDashboard } from './queue-dashboard.js';
import { QueuesController } from './queues.controller.js';

export class OperationsModule {
  static register(context: ModuleContext): DynamicModule {
    const controllers = [FeaturesController, LogLevelController, QueuesController, QueueDashboardController];
    const debug = context.profile === 'development' ? [DebugController] : [];
    return {
      module: OperationsModule,
      controllers: context.serves ? [...controllers, ...debug] : [],
      providers: context.serves ? [OperationsAudit, QueueDashboard] : [],
    };
  }
}
