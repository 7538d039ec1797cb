import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { seriesDetection, seriesParams } from './series-detection.schema.js';
import { SeriesDetectionService } from './series-detection.service.js';

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/detection/series/:seriesId')
export class SeriesDetectionController {
  constructor(private readonly series: SeriesDetectionService) {}

  @Get()
  @Access('anomalies:read')
  @Returns(200, seriesDetection)
  @ApiOperation({ summary: 'What was learned of one series, and which ways of looking at it are used' })
  get(
    @Param({ schema: seriesParams }) { environmentId, seriesId }: z.output<typeof seriesParams>,
  ): Promise<z.output<typeof seriesDetection>> {
    return this.series.of(environmentId, seriesId);
  }
}
