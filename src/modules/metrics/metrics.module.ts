import type { DynamicModule } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { BuildInfo, buildInfoMetric } from './build-info.js';
import { MetricsController } from './metrics.controller.js';

/** Served in every role: a worker is scraped too. */
export class MetricsModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: MetricsModule,
      imports: [
        PrometheusModule.register({
          path: '/metrics',
          controller: MetricsController,
          defaultLabels: { process: context.serves ? 'api' : 'worker' },
          // prom-client's registry belongs to the process: a second application in it must not register again.
          defaultMetrics: { enabled: register.getSingleMetric('process_cpu_user_seconds_total') === undefined },
        }),
      ],
      providers: [buildInfoMetric, BuildInfo],
    };
  }
}
