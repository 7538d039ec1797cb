import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { SeriesReadRepository } from '../queries/series-read.repository.js';
import { TelemetryQueryService } from '../queries/telemetry-query.service.js';
import { type Series, TelemetryReader } from '../telemetry.reader.js';
import {
  environmentId,
  latestPage,
  samplesQuery,
  samplesResponse,
  seriesPage,
  seriesQuery,
  type seriesResponse,
  statusResponse,
} from './telemetry.schema.js';

@ApiTags('telemetry')
@Controller('environments/:environmentId')
@Access('telemetry:read')
export class TelemetryController {
  constructor(
    private readonly queries: TelemetryQueryService,
    private readonly environments: EnvironmentsReader,
    private readonly seriesReader: SeriesReadRepository,
    private readonly reader: TelemetryReader,
  ) {}

  @Get('status')
  @Returns(200, statusResponse)
  async status(
    @Param('environmentId', { schema: environmentId }) id: string,
  ): Promise<z.output<typeof statusResponse>> {
    const status = await this.queries.status(id);
    return { ...status, lastSampleAt: status.lastSampleAt?.toISOString() ?? null };
  }

  @Get('series')
  @Returns(200, seriesPage)
  async series(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Query({ schema: seriesQuery }) query: z.output<typeof seriesQuery>,
  ): Promise<z.output<typeof seriesPage>> {
    await this.environments.get(id);
    const { limit, cursor, includeDerived } = query;
    const selectors = this.queries.parseSelectors(query['match[]']);
    const page = await this.seriesReader.page(id, { selectors, includeDerived, limit, cursor }, 'replica');
    return { items: page.items.map(toResponse), nextCursor: page.nextCursor };
  }

  @Get('samples')
  @Returns(200, samplesResponse)
  async samples(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Query({ schema: samplesQuery }) query: z.output<typeof samplesQuery>,
  ): Promise<z.output<typeof samplesResponse>> {
    const windows = await this.queries.readSamples(id, query);
    const items = [...windows].map(([seriesId, { times, values, downsampled }]) => ({
      seriesId,
      times: Array.from(times),
      values: Array.from(values, finiteOrNull),
      downsampled,
    }));
    return { items };
  }

  @Get('latest')
  @Returns(200, latestPage)
  async latest(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Query({ schema: seriesQuery }) query: z.output<typeof seriesQuery>,
  ): Promise<z.output<typeof latestPage>> {
    await this.environments.get(id);
    const { limit, cursor, includeDerived } = query;
    const selectors = this.queries.parseSelectors(query['match[]']);
    const page = await this.reader.latest(id, { selectors, includeDerived, limit, cursor });
    return {
      items: page.items.map(({ series, time, value }) => ({
        series: toResponse(series),
        time,
        value: value === null ? null : finiteOrNull(value),
      })),
      nextCursor: page.nextCursor,
    };
  }
}

function toResponse({
  id,
  labels,
  metricType,
  derivedFrom,
  createdAt,
  endedAt,
}: Series): z.output<typeof seriesResponse> {
  return {
    id,
    // PostgreSQL orders the keys of jsonb by length.
    labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    metricType,
    derivedFrom,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
