import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { PROMETHEUS_TEXT_CONTENT_TYPE } from '../../../engine/simulation/telemetry/formats/prometheus-text.js';
import { Access, SkipRateLimit } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import { anomalyMetricsQuery } from './anomaly-metrics.schema.js';
import { AnomalyMetricsService } from './anomaly-metrics.service.js';

/** What a Prometheus scrapes, with `honor_labels: true`: job and instance are those of the scored series. */
@ApiTags('anomaly detection')
@Controller('environments/:environmentId/anomaly-metrics')
@SkipRateLimit()
export class AnomalyMetricsController {
  constructor(private readonly metrics: AnomalyMetricsService) {}

  @Get()
  @Access('telemetry:read')
  @ApiOperation({
    operationId: 'scrapeAnomalyMetrics',
    summary:
      'Newest anomaly_score, y, yhat, yhat_lower and yhat_upper of each series, with its labels and `for=<metric>`, and signals of services: Prometheus text 0.0.4',
  })
  @ApiProduces('text/plain')
  @Returns(200, undefined, 'All that detection recorded in the last five minutes')
  async scrape(
    @Param({ schema: environmentParams }) { environmentId }: z.output<typeof environmentParams>,
    @Query({ schema: anomalyMetricsQuery }) query: z.output<typeof anomalyMetricsQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const text = await this.metrics.scrape(environmentId, query);
    void reply.type(PROMETHEUS_TEXT_CONTENT_TYPE).header('Cache-Control', 'no-store');
    return text;
  }
}
