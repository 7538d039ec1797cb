import type { DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { DiskCheck } from './checks/disk.check.js';
import { EventLoopDelayCheck } from './checks/event-loop-delay.check.js';
import { ShutdownCheck } from './checks/shutdown.check.js';
import { WorkerCheck } from './checks/worker.check.js';
import { HealthReporter } from './health-reporter.js';
import { HealthController } from './health.controller.js';

/** Served in every role: a worker is probed too. */
export class HealthModule {
  static register(_context: ModuleContext): DynamicModule {
    return {
      module: HealthModule,
      // The reporter logs changes itself; terminus would log every failed probe.
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [HealthReporter, EventLoopDelayCheck, DiskCheck, ShutdownCheck, WorkerCheck],
    };
  }
}
