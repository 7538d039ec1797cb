import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { anomalyDetail, anomalyParams } from './explanation.schema.js';
import { ExplanationService } from './explanation.service.js';

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/anomalies/:anomalyId')
export class ExplanationController {
  constructor(private readonly explanations: ExplanationService) {}

  @Get()
  @Access('anomalies:read')
  @Returns(200, anomalyDetail)
  @ApiOperation({
    operationId: 'explainAnomaly',
    summary: 'One anomaly, explained: sentence, channels, rarity, what else moved, links to chart and query',
  })
  explain(
    @Param({ schema: anomalyParams }) { environmentId, anomalyId }: z.output<typeof anomalyParams>,
  ): Promise<z.output<typeof anomalyDetail>> {
    return this.explanations.explain(environmentId, anomalyId);
  }
}
