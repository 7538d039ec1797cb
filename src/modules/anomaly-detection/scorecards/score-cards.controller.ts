import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { pageQuery } from '../../../platform/http/paging.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import { ScoreCardsService } from './score-cards.service.js';
import {
  createScoreCardRequest,
  scoreCardChoices,
  scoreCardComparison,
  scoreCardPage,
  scoreCardView,
} from './score-cards.schema.js';

type EnvironmentParams = z.output<typeof environmentParams>;
type ScoreCardView = z.output<typeof scoreCardView>;

const cardParams = environmentParams.extend({ cardId: z.uuid() });
type CardParams = z.output<typeof cardParams>;
const compareQuery = z.object({ a: z.uuid(), b: z.uuid() });

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/score-cards')
export class ScoreCardsController {
  constructor(private readonly cards: ScoreCardsService) {}

  @Post()
  @Access('anomalies:write')
  @Returns(202, scoreCardView)
  @ApiOperation({
    summary:
      'Starts a job that scores configurations, detectors and alert rules on stored history with known stretches',
  })
  create(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Body({ schema: createScoreCardRequest }) body: z.output<typeof createScoreCardRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ScoreCardView> {
    return this.cards.create(principal, environmentId, body);
  }

  @Get()
  @Access('anomalies:read')
  @Returns(200, scoreCardPage)
  @ApiOperation({ summary: 'Score cards, newest first, without their reports' })
  list(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.output<typeof scoreCardPage>> {
    return this.cards.page(environmentId, query.limit, query.cursor);
  }

  @Get('choices')
  @Access('anomalies:read')
  @Returns(200, scoreCardChoices)
  @ApiOperation({ summary: 'What can be scored here: detectors, and whether alert rules' })
  choices(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
  ): Promise<z.output<typeof scoreCardChoices>> {
    return this.cards.choices(environmentId);
  }

  @Get('compare')
  @Access('anomalies:read')
  @Returns(200, scoreCardComparison)
  @ApiOperation({ summary: 'Configurations of two score cards side by side' })
  compare(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: compareQuery }) { a, b }: z.output<typeof compareQuery>,
  ): Promise<z.output<typeof scoreCardComparison>> {
    return this.cards.compare(environmentId, [a, b]);
  }

  @Get(':cardId')
  @Access('anomalies:read')
  @Returns(200, scoreCardView)
  @ApiOperation({ summary: 'One score card with its report, or how far it is' })
  get(@Param({ schema: cardParams }) { environmentId, cardId }: CardParams): Promise<ScoreCardView> {
    return this.cards.get(environmentId, cardId);
  }

  @Post(':cardId/cancel')
  @Access('anomalies:write')
  @Returns(200, scoreCardView)
  @ApiOperation({ summary: 'Stops a score card; one that is over stays as it is' })
  cancel(@Param({ schema: cardParams }) { environmentId, cardId }: CardParams): Promise<ScoreCardView> {
    return this.cards.cancel(environmentId, cardId);
  }

  @Delete(':cardId')
  @Access('anomalies:write')
  @Returns(204, undefined, 'Deleted')
  @ApiOperation({ summary: 'Deletes a score card' })
  async delete(
    @Param({ schema: cardParams }) { environmentId, cardId }: CardParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.cards.delete(principal, environmentId, cardId);
  }
}
