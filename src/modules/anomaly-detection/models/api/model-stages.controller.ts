import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../../../platform/http/access.js';
import { Returns } from '../../../../platform/http/returns.decorator.js';
import { assertEnvironmentAccess } from '../../../auth/index.js';
import { EnvironmentsReader } from '../../../environments/index.js';
import { SqlModelChoice } from '../choice/sql-model-choice.js';
import { ModelCatalogue } from '../registry/model-catalogue.js';
import { ModelStages, type StageRequest } from '../stages/model-stages.service.js';
import { modelView, visibleTo } from './model-views.js';
import { modelParams, modelVersion, promoteRequest, resumeRequest, stageRequest } from './models.schema.js';

type Id = z.output<typeof modelParams>;
type View = z.output<typeof modelVersion>;
type StageBody = z.output<typeof stageRequest>;

@ApiTags('models')
@Controller('models/:id')
export class ModelStagesController {
  constructor(
    private readonly catalogue: ModelCatalogue,
    private readonly stages: ModelStages,
    private readonly environments: EnvironmentsReader,
    private readonly choice: SqlModelChoice,
  ) {}

  @Post('promote')
  @Access('models:write')
  @ApiOperation({
    operationId: 'promoteModel',
    summary: 'Candidate to shadow, shadow to active, in one place or everywhere',
  })
  @Returns(200, modelVersion)
  async promote(
    @Param({ schema: modelParams }) { id }: Id,
    @Body({ schema: promoteRequest }) body: z.output<typeof promoteRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<View> {
    const request = await this.requestOf(id, body, principal);
    await this.stages.promote(request, body.to);
    return this.read(id, principal);
  }

  @Post('roll-back')
  @Access('models:write')
  @ApiOperation({
    operationId: 'rollBackModel',
    summary: 'Undoes its newest change; what it had replaced is active again',
  })
  @Returns(200, modelVersion)
  async rollBack(
    @Param({ schema: modelParams }) { id }: Id,
    @Body({ schema: stageRequest }) body: StageBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<View> {
    await this.stages.rollBack(await this.requestOf(id, body, principal));
    return this.read(id, principal);
  }

  @Post('retire')
  @Access('models:write')
  @ApiOperation({ operationId: 'retireModel', summary: 'Takes it out of use there; nothing is deleted' })
  @Returns(200, modelVersion)
  async retire(
    @Param({ schema: modelParams }) { id }: Id,
    @Body({ schema: stageRequest }) body: StageBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<View> {
    await this.stages.retire(await this.requestOf(id, body, principal));
    return this.read(id, principal);
  }

  @Post('resume')
  @Access('models:write')
  @ApiOperation({ operationId: 'resumeModel', summary: 'Tries a suspended model again with the next tick' })
  @Returns(200, modelVersion)
  async resume(
    @Param({ schema: modelParams }) { id }: Id,
    @Body({ schema: resumeRequest }) body: z.output<typeof resumeRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<View> {
    assertEnvironmentAccess(principal, null);
    await this.catalogue.resume(principal, id, body.why);
    return this.read(id, principal);
  }

  private async requestOf(id: string, { environmentId, why }: StageBody, actor: Principal): Promise<StageRequest> {
    assertEnvironmentAccess(actor, environmentId);
    if (environmentId !== null) await this.environments.get(environmentId);
    return { modelId: id, environmentId, actor, why };
  }

  private async read(id: string, principal: Principal): Promise<View> {
    this.choice.invalidate();
    return modelView(visibleTo(principal, await this.catalogue.get(id)));
  }
}
