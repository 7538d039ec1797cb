import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { pageQuery } from '../../../platform/http/paging.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import type { ApiToken } from '../tokens/api-token.repository.js';
import { ApiTokenService } from '../tokens/api-token.service.js';
import {
  apiTokenId,
  apiTokenPage,
  createApiTokenRequest,
  createdApiTokenResponse,
  type apiTokenResponse,
} from './auth.schema.js';

@ApiTags('auth')
@Controller('api-tokens')
@Access('tokens:manage')
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokenService) {}

  @Get()
  @Returns(200, apiTokenPage)
  async list(
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof apiTokenPage>> {
    const page = await this.tokens.list(principal, query.limit, query.cursor);
    return { items: page.items.map(toResponse), nextCursor: page.nextCursor };
  }

  @Post()
  @Returns(201, createdApiTokenResponse)
  async create(
    @Body({ schema: createApiTokenRequest }) body: z.output<typeof createApiTokenRequest>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<z.output<typeof createdApiTokenResponse>> {
    const created = await this.tokens.create(principal, {
      name: body.name,
      permissions: body.permissions,
      environmentId: body.environmentId ?? null,
      expiresAt: body.expiresAt ? new Date(body.expiresAt) : null,
    });
    reply.header('Cache-Control', 'no-store');
    return { ...toResponse(created), token: created.token };
  }

  @Delete(':id')
  @Returns(204)
  async revoke(
    @Param('id', { schema: apiTokenId }) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.tokens.revoke(principal, id);
  }
}

function toResponse(token: ApiToken): z.output<typeof apiTokenResponse> {
  return {
    id: token.id,
    name: token.name,
    prefix: `dsim_${token.lookup}`,
    permissions: [...token.permissions],
    environmentId: token.environmentId,
    createdBy: token.createdBy,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    expiresAt: token.expiresAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  };
}
