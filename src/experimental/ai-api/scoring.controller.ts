import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { assertEnvironmentAccess } from '../../modules/auth/index.js';
import { explainResponse, scoreRequest, scoreResponse } from './scoring.schema.js';
import type { ExplainResponse, ScoreRequest, ScoreResponse } from './scoring.schema.js';
import { WindowScoring } from './scoring.service.js';

@ApiTags('ai')
@Controller('ai')
@Access('anomalies:read')
export class ScoringController {
  constructor(private readonly scoring: WindowScoring) {}

  @Post('score')
  @ApiOperation({ operationId: 'scoreWindows', summary: 'Scores windows of series that the caller sends, at once' })
  @Returns(200, scoreResponse)
  score(
    @Body({ schema: scoreRequest }) request: ScoreRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ScoreResponse> {
    if (request.environmentId !== undefined) assertEnvironmentAccess(principal, request.environmentId);
    return this.scoring.score(request);
  }

  @Post('explain')
  @ApiOperation({
    operationId: 'explainWindows',
    summary: 'Says in words what is odd about the newest point of windows',
  })
  @Returns(200, explainResponse)
  explain(
    @Body({ schema: scoreRequest }) request: ScoreRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ExplainResponse> {
    if (request.environmentId !== undefined) assertEnvironmentAccess(principal, request.environmentId);
    return this.scoring.explain(request);
  }
}
