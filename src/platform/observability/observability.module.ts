import type { DynamicModule, LoggerService } from '@nestjs/common';
import { HealthRegistry } from './health-registry.js';
import { LogLevelControl } from './log-level-control.js';

export class ObservabilityModule {
  static register(logger: LoggerService & LogLevelControl): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      providers: [HealthRegistry, { provide: LogLevelControl, useValue: logger }],
      exports: [HealthRegistry, LogLevelControl],
    };
  }
}
