import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../platform/http/access.js';
import { pageQuery } from '../../platform/http/paging.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { EnvironmentParameter } from '../auth/index.js';
import { EnvironmentsReader, type Environment } from './environments.reader.js';
import {
  changeEnvironmentRequest,
  createEnvironmentRequest,
  deleteEnvironmentQuery,
  environmentId,
  environmentPage,
  environmentResponse,
} from './environments.schema.js';
import { EnvironmentsService } from './environments.service.js';

type EnvironmentResponse = z.output<typeof environmentResponse>;

@ApiTags('environments')
@Controller('environments')
@EnvironmentParameter('id')
export class EnvironmentsController {
  constructor(
    private readonly reader: EnvironmentsReader,
    private readonly service: EnvironmentsService,
  ) {}

  @Get()
  @Access('environments:read')
  @Returns(200, environmentPage)
  async list(
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof environmentPage>> {
    if (principal.environmentId !== null) {
      const own = await this.reader.find(principal.environmentId);
      return { items: own ? [toResponse(own)] : [], nextCursor: null };
    }
    const page = await this.reader.page(query.limit, query.cursor);
    return { items: page.items.map(toResponse), nextCursor: page.nextCursor };
  }

  @Post()
  @Access('environments:write')
  @Returns(201, environmentResponse)
  async create(
    @Body({ schema: createEnvironmentRequest }) body: z.output<typeof createEnvironmentRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<EnvironmentResponse> {
    return toResponse(await this.service.create(principal, body));
  }

  @Get(':id')
  @Access('environments:read')
  @Returns(200, environmentResponse)
  async get(@Param('id', { schema: environmentId }) id: string): Promise<EnvironmentResponse> {
    return toResponse(await this.reader.get(id));
  }

  @Patch(':id')
  @Access('environments:write')
  @Returns(200, environmentResponse)
  async change(
    @Param('id', { schema: environmentId }) id: string,
    @Body({ schema: changeEnvironmentRequest }) body: z.output<typeof changeEnvironmentRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<EnvironmentResponse> {
    return toResponse(await this.service.change(principal, id, body));
  }

  @Delete(':id')
  @Access('environments:write')
  @Returns(204)
  async delete(
    @Param('id', { schema: environmentId }) id: string,
    @Query({ schema: deleteEnvironmentQuery }) query: z.output<typeof deleteEnvironmentQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.service.delete(principal, id, query.confirm);
  }
}

function toResponse(environment: Environment): EnvironmentResponse {
  const { id, name, slug, kind, tickSeconds, retentionDays, maxSeries, createdAt } = environment;
  return { id, name, slug, kind, tickSeconds, retentionDays, maxSeries, createdAt: createdAt.toISOString() };
}
