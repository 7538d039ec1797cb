import { Controller, Get, Logger, Res, type OnModuleInit } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { InjectConfig, type ConfigOf } from '../../platform/config/define-config.js';
import { Access, PUBLIC_ROUTE, SkipRateLimit } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { Runtime } from '../../platform/registry/runtime.js';
import { WorkerMetrics } from '../../platform/registry/worker-metrics.js';
import { mergeExpositions } from './merge-expositions.js';
import { metricsConfig } from './metrics.config.js';

@ApiTags('metrics')
@Controller()
@SkipRateLimit()
export class MetricsController extends PrometheusController implements OnModuleInit {
  private readonly logger = new Logger(MetricsController.name);

  constructor(
    private readonly worker: WorkerMetrics,
    private readonly runtime: Runtime,
    @InjectConfig(metricsConfig) private readonly config: ConfigOf<typeof metricsConfig>,
  ) {
    super();
  }

  onModuleInit(): void {
    const open = this.config.public ?? this.runtime.profile === 'development';
    // The guard reads decorators; whether scrapes are open is configuration, known only now.
    Reflect.defineMetadata(PUBLIC_ROUTE, open, MetricsController.prototype.index);
  }

  @Get()
  @Access('metrics:read')
  @ApiOperation({ operationId: 'getMetrics', summary: 'Metrics of this process and of the worker it forked' })
  @ApiProduces('text/plain')
  @Returns(200, undefined, 'Prometheus text format 0.0.4')
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const [own, workers] = await Promise.all([super.index(reply), this.collectWorker()]);
    return workers === undefined ? own : mergeExpositions([own, workers]);
  }

  private async collectWorker(): Promise<string | undefined> {
    try {
      return await this.worker.collect();
    } catch (error) {
      this.logger.warn({ msg: 'The worker did not hand over its metrics', err: error });
      return undefined;
    }
  }
}
