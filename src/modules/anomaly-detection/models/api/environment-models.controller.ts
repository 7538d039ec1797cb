import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../../../platform/http/access.js';
import { Returns } from '../../../../platform/http/returns.decorator.js';
import { EnvironmentsReader } from '../../../environments/index.js';
import { effectiveModels } from '../choice/model-choice-snapshot.js';
import { StageRepository } from '../data/stage.repository.js';
import { RefitService } from '../refit/refit.service.js';
import { ModelCatalogue } from '../registry/model-catalogue.js';
import { modelView, visibleTo } from './model-views.js';
import { environmentModels, environmentModelsParams, refit, refitRequest, refits } from './models.schema.js';
import { refitView } from './refit-view.js';

type Params = z.output<typeof environmentModelsParams>;

@ApiTags('models')
@Controller('environments/:environmentId')
export class EnvironmentModelsController {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly stages: StageRepository,
    private readonly catalogue: ModelCatalogue,
    private readonly refitService: RefitService,
  ) {}

  @Get('models')
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'getEnvironmentModels', summary: 'Which versions score it, which run in shadow' })
  @Returns(200, environmentModels)
  async models(
    @Param({ schema: environmentModelsParams }) { environmentId }: Params,
    @CurrentPrincipal() principal: Principal,
  ) {
    await this.environments.get(environmentId);
    const { calibration, windowModel, shadows, activeRevision } = effectiveModels(
      await this.stages.stagedFor(environmentId),
    );
    const ids = [calibration, windowModel, ...shadows].flatMap((row) => (row === null ? [] : [row.id]));
    const found = (await this.catalogue.many(ids)).map((one) => visibleTo(principal, one));
    const views = new Map(found.map((one) => [one.model.id, modelView(one)]));
    const degraded =
      windowModel?.suspendedReason === null || windowModel === null
        ? null
        : `It is suspended, plain channels score alone: ${windowModel.suspendedReason}`;
    return {
      revision: activeRevision,
      calibration: calibration === null ? null : views.get(calibration.id)!,
      windowModel: windowModel === null ? null : views.get(windowModel.id)!,
      degraded,
      shadows: shadows.map(({ id }) => views.get(id)!),
    };
  }

  @Get('refits')
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'listRefits', summary: 'Refits of its calibration and what came of them, newest first' })
  @Returns(200, refits)
  async refits(@Param({ schema: environmentModelsParams }) { environmentId }: Params) {
    await this.environments.get(environmentId);
    const [items, next] = await Promise.all([
      this.refitService.list(environmentId),
      this.refitService.next(environmentId),
    ]);
    return { items: items.map(refitView), next: { ...next, at: next.at?.toISOString() ?? null } };
  }

  @Post('refits')
  @Access('models:write')
  @ApiOperation({
    operationId: 'refitEnvironment',
    summary: 'Fits its calibration anew, in a job, as a candidate in shadow',
  })
  @Returns(202, refit)
  async refit(
    @Param({ schema: environmentModelsParams }) { environmentId }: Params,
    @Body({ schema: refitRequest }) { why }: z.output<typeof refitRequest>,
    @CurrentPrincipal() principal: Principal,
  ) {
    await this.environments.get(environmentId);
    return refitView(await this.refitService.request(environmentId, principal, why));
  }
}
