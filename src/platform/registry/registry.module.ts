import type { DynamicModule } from '@nestjs/common';
import { Clock, SystemClock } from '../../kernel/clock.js';
import { FeatureRegistry } from './feature-registry.js';
import { Runtime } from './runtime.js';
import { WorkerHealth } from './worker-health.js';
import { WorkerMetrics } from './worker-metrics.js';

export interface RegistryOptions {
  readonly runtime: Runtime;
  readonly features: FeatureRegistry;
  readonly workerMetrics: WorkerMetrics;
  readonly workerHealth: WorkerHealth;
}

export class RegistryModule {
  static register({ runtime, features, workerMetrics, workerHealth }: RegistryOptions): DynamicModule {
    return {
      module: RegistryModule,
      global: true,
      providers: [
        { provide: Clock, useClass: SystemClock },
        { provide: Runtime, useValue: runtime },
        { provide: FeatureRegistry, useValue: features },
        { provide: WorkerMetrics, useValue: workerMetrics },
        { provide: WorkerHealth, useValue: workerHealth },
      ],
      exports: [Clock, Runtime, FeatureRegistry, WorkerMetrics, WorkerHealth],
    };
  }
}
