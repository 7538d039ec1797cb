import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  OPEN_METRICS_CONTENT_TYPE,
  writeOpenMetrics,
} from '../../../engine/simulation/telemetry/formats/open-metrics.js';
import {
  PROMETHEUS_TEXT_CONTENT_TYPE,
  writePrometheusText,
} from '../../../engine/simulation/telemetry/formats/prometheus-text.js';
import { Clock } from '../../../kernel/clock.js';
import { Access, SkipRateLimit } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import { NoScrapeYetError, SimulationNotFoundError } from '../simulation.errors.js';
import { isLive } from '../live/pacing.js';
import { StoredScrapes } from '../live/stored-scrapes.js';
import { negotiateFormat } from './exposition-format.js';
import { environmentId } from './simulations.schema.js';

const expositionQuery = z.object({
  timestamps: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Whether samples carry their event time; `auto`: not while it runs at speed 1, so that the scraper stamps them',
    ),
});

/** What a Prometheus scrapes, with `honor_labels: true`: job and instance are those of the simulated exporters. */
@ApiTags('simulation')
@Controller('environments/:environmentId/metrics')
@SkipRateLimit()
export class ExpositionController {
  constructor(
    private readonly simulations: SimulationRepository,
    private readonly scrapes: StoredScrapes,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Access('telemetry:read')
  @ApiOperation({
    operationId: 'scrapeEnvironment',
    summary: 'The latest scrape of a simulated environment: OpenMetrics 1.0 or Prometheus text 0.0.4, by Accept',
  })
  @ApiProduces('text/plain', 'application/openmetrics-text')
  @Returns(200, undefined, 'All series of the simulated exporters')
  async scrape(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Query({ schema: expositionQuery }) query: z.output<typeof expositionQuery>,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const simulation = await this.simulations.find(id);
    if (!simulation) throw new SimulationNotFoundError(id);
    const frame = await this.scrapes.latest(id);
    if (!frame) throw new NoScrapeYetError();
    const timestamps = query.timestamps === 'auto' ? !isLive(simulation, this.clock.now()) : query.timestamps === 'on';
    const chunks: string[] = [];
    const collect = (chunk: string): void => void chunks.push(chunk);
    if (negotiateFormat(accept) === 'open-metrics') {
      writeOpenMetrics(frame, collect, { timestamps });
      void reply.type(OPEN_METRICS_CONTENT_TYPE);
    } else {
      writePrometheusText(frame, collect, { timestamps });
      void reply.type(PROMETHEUS_TEXT_CONTENT_TYPE);
    }
    void reply.header('Cache-Control', 'no-store').header('Vary', 'Accept');
    return chunks.join('');
  }
}
