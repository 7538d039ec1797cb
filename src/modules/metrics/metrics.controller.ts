import { Controller, Get, Logger, Res, type OnModuleInit } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { InjectConfig, type ConfigOf } from '../../platform/config/define-config.js';
import {
  Access,
  PUBLIC_ROUTE,
  REQUIRED_PERMISSION,
  SkipRateLimit,
  type Permission,
} from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { Runtime } from '../../platform/registry/runtime.js';
import { WorkerMetrics } from '../../platform/registry/worker-metrics.js';
import { mergeExpositions } from './merge-expositions.js';
import { metricsConfig } from './metrics.config.js';

const SCRAPE: Permission = 'metrics:read';

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
    // The guard reads decorators, of which the stricter holds; whether scrapes are open is known only now.
    const route = MetricsController.prototype.index;
    Reflect.defineMetadata(PUBLIC_ROUTE, open, route);
    Reflect.defineMetadata(REQUIRED_PERMISSION, open ? undefined : SCRAPE, route);
  }

  @Get()
  @Access(SCRAPE)
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
