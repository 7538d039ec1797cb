import { Controller, Get, Headers, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Page } from '../../../../kernel/page.js';
import { Access, CurrentPrincipal, type Principal } from '../../../../platform/http/access.js';
import { Returns } from '../../../../platform/http/returns.decorator.js';
import { assertEnvironmentAccess, scopeToEnvironment } from '../../../auth/index.js';
import { ModelMediaTypeError } from '../models.errors.js';
import { ModelCatalogue } from '../registry/model-catalogue.js';
import { ShadowCards } from '../shadow/shadow-cards.service.js';
import { changesView, comparisonView, modelView, visibleTo } from './model-views.js';
import {
  cardQuery,
  comparison,
  comparisonQuery,
  modelChanges,
  modelPage,
  modelParams,
  modelVersion,
  modelsQuery,
  shadowCardSchema,
  uploadQuery,
} from './models.schema.js';

type Id = z.output<typeof modelParams>;
type View = z.output<typeof modelVersion>;

/** Versions belong to no environment: what changes them concerns all. */
@ApiTags('models')
@Controller('models')
export class ModelsController {
  constructor(
    private readonly catalogue: ModelCatalogue,
    private readonly cards: ShadowCards,
  ) {}

  @Get()
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'listModelVersions', summary: 'Versions of models, newest first' })
  @Returns(200, modelPage)
  async list(
    @Query({ schema: modelsQuery }) { limit, cursor, ...filter }: z.output<typeof modelsQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<View>> {
    const environmentId = scopeToEnvironment(principal, filter.environmentId);
    const page = await this.catalogue.page({ ...filter, environmentId }, limit, cursor);
    return { items: page.items.map((one) => modelView(visibleTo(principal, one))), nextCursor: page.nextCursor };
  }

  @Post()
  @Access('models:write')
  @ApiOperation({
    operationId: 'uploadModel',
    summary: 'Tries out an ONNX file in a process of its own, and keeps it as a candidate',
  })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ description: 'The ONNX file', required: true, schema: { type: 'string', format: 'binary' } })
  @Returns(201, modelVersion)
  async upload(
    @Query({ schema: uploadQuery }) query: z.output<typeof uploadQuery>,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: FastifyRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<View> {
    assertEnvironmentAccess(principal, null);
    if (!Buffer.isBuffer(request.body)) throw new ModelMediaTypeError();
    return modelView(await this.catalogue.upload(principal, request.body, query, key));
  }

  @Get('comparison')
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'compareModels', summary: 'Versions side by side: figures, stages and score cards' })
  @Returns(200, comparison)
  async compare(
    @Query({ schema: comparisonQuery }) { ids, environmentId }: z.output<typeof comparisonQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof comparison>> {
    const scope = scopeToEnvironment(principal, environmentId);
    const models = (await this.catalogue.many(ids)).map((one) => visibleTo(principal, one));
    const cards = await Promise.all(
      models.map(({ model }) => (scope === undefined ? Promise.resolve(null) : this.cards.of(model.id, scope, null))),
    );
    return comparisonView(models, cards);
  }

  @Get(':id')
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'getModelVersion', summary: 'One version: what it is, where it comes from, its stages' })
  @Returns(200, modelVersion)
  async get(@Param({ schema: modelParams }) { id }: Id, @CurrentPrincipal() principal: Principal): Promise<View> {
    return modelView(visibleTo(principal, await this.catalogue.get(id)));
  }

  @Get(':id/content')
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'downloadModel', summary: 'The ONNX file' })
  @ApiProduces('application/octet-stream')
  @Returns(200, undefined, 'The file')
  async content(
    @Param({ schema: modelParams }) { id }: Id,
    @CurrentPrincipal() principal: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    visibleTo(principal, await this.catalogue.get(id));
    const { model, bytes } = await this.catalogue.content(id);
    void reply
      .type('application/octet-stream')
      .header('Content-Disposition', `attachment; filename="${model.name}-${model.version}.onnx"`)
      .header('ETag', `"${model.sha256}"`)
      .send(bytes);
  }

  @Get(':id/changes')
  @Access('anomalies:read')
  @ApiOperation({ operationId: 'listModelChanges', summary: 'Who put it into which stage, when and why; newest first' })
  @Returns(200, modelChanges)
  async changes(
    @Param({ schema: modelParams }) { id }: Id,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof modelChanges>> {
    visibleTo(principal, await this.catalogue.get(id));
    return changesView(principal, await this.catalogue.changesOf(id));
  }

  @Get(':id/shadow-card')
  @Access('anomalies:read')
  @ApiOperation({
    operationId: 'getShadowCard',
    summary: 'What it would have done in an environment, beside the active',
  })
  @Returns(200, shadowCardSchema)
  async card(
    @Param({ schema: modelParams }) { id }: Id,
    @Query({ schema: cardQuery }) { environmentId, since }: z.output<typeof cardQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof shadowCardSchema>> {
    assertEnvironmentAccess(principal, environmentId);
    visibleTo(principal, await this.catalogue.get(id));
    return this.cards.of(id, environmentId, since ?? null);
  }
}
