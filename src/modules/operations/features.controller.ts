import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { FeatureRegistry } from '../../platform/registry/feature-registry.js';
import { featuresResponse } from './operations.schema.js';

@ApiTags('operations')
@Controller('features')
export class FeaturesController {
  constructor(private readonly features: FeatureRegistry) {}

  @Get()
  @Access('environments:read')
  @ApiOperation({ operationId: 'listFeatures', summary: 'Every module, on or off, and why' })
  @Returns(200, featuresResponse)
  list(): z.input<typeof featuresResponse> {
    return { items: this.features.list().map((feature) => ({ ...feature, dependsOn: [...feature.dependsOn] })) };
  }
}
