import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import {
  anomaliesQuery,
  anomalyPage,
  detectionStatus,
  environmentParams,
  scores,
  scoresQuery,
  seriesStatePage,
  seriesStatesQuery,
} from './anomaly-detection.schema.js';
import { DetectionService } from './detection.service.js';
import { ScoresService } from './scores.service.js';

type EnvironmentParams = z.output<typeof environmentParams>;

@ApiTags('anomaly detection')
@Controller('environments/:environmentId')
export class AnomalyDetectionController {
  constructor(
    private readonly detection: DetectionService,
    private readonly scoresService: ScoresService,
  ) {}

  @Get('detection')
  @Access('anomalies:read')
  @Returns(200, detectionStatus)
  @ApiOperation({ summary: 'How far detection is, and how many series are in which state' })
  status(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
  ): Promise<z.output<typeof detectionStatus>> {
    return this.detection.status(environmentId);
  }

  @Get('detection/series')
  @Access('anomalies:read')
  @Returns(200, seriesStatePage)
  @ApiOperation({ summary: 'State of each series, with the reason' })
  seriesStates(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: seriesStatesQuery }) query: z.output<typeof seriesStatesQuery>,
  ): Promise<z.output<typeof seriesStatePage>> {
    return this.detection.seriesStates(environmentId, query);
  }

  @Get('scores')
  @Access('anomalies:read')
  @Returns(200, scores)
  @ApiOperation({ summary: 'Value, expected value, band and score of one series over time' })
  scores(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: scoresQuery }) query: z.output<typeof scoresQuery>,
  ): Promise<z.output<typeof scores>> {
    return this.scoresService.scoresOf(environmentId, query);
  }

  @Get('anomalies')
  @Access('anomalies:read')
  @Returns(200, anomalyPage)
  @ApiOperation({ summary: 'Anomalies, newest first' })
  anomalies(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: anomaliesQuery }) query: z.output<typeof anomaliesQuery>,
  ): Promise<z.output<typeof anomalyPage>> {
    return this.detection.anomalies(environmentId, query);
  }
}
