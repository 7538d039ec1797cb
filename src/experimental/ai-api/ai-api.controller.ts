import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import type { ModelManifest } from '../../platform/inference/model-manifest.js';
import { ModelRegistry } from '../../platform/inference/model-registry.js';
import { modelId, modelQuery, modelSchema, modelsResponse } from './ai-api.schema.js';

@ApiTags('ai')
@Controller('ai/models')
@Access('anomalies:read')
export class AiApiController {
  constructor(private readonly models: ModelRegistry) {}

  @Get()
  @ApiOperation({ operationId: 'listModels', summary: 'The models of this installation' })
  @Returns(200, modelsResponse)
  list(): z.input<typeof modelsResponse> {
    return { items: this.models.list().map(toResponse) };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getModel', summary: 'One model: what it takes, what it gives, where it comes from' })
  @Returns(200, modelSchema)
  get(
    @Param('id', { schema: modelId }) id: string,
    @Query({ schema: modelQuery }) { version }: z.output<typeof modelQuery>,
  ): z.input<typeof modelSchema> {
    return toResponse(this.models.get(id, version));
  }
}

function toResponse({ file, ...manifest }: ModelManifest): z.input<typeof modelSchema> {
  void file;
  return manifest;
}
