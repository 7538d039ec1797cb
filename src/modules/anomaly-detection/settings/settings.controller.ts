import { Body, Controller, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { pageQuery } from '../../../platform/http/paging.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import type { SettingsVersionRow } from './settings.repository.js';
import {
  restoreSettingsRequest,
  saveSettingsRequest,
  settingsDiff,
  settingsVersion,
  settingsVersionPage,
} from './settings.schema.js';
import { etagOf, SettingsService } from './settings.service.js';

type EnvironmentParams = z.output<typeof environmentParams>;
type VersionView = z.output<typeof settingsVersion>;

const versionNumber = z.coerce.number().int().min(0).max(0x7fffffff);
const versionParams = environmentParams.extend({ version: versionNumber });
const diffQuery = z.object({ from: versionNumber, to: versionNumber });

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/detection/settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @Access('anomalies:read')
  @Returns(200, settingsVersion)
  @ApiOperation({ summary: 'Detection settings that hold now; the ETag is for saving changes' })
  async current(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionView> {
    return tagged(reply, await this.settings.current(environmentId));
  }

  @Put()
  @Access('anomalies:write')
  @Returns(200, settingsVersion)
  @ApiHeader({ name: 'If-Match', description: 'ETag of the version that was changed', required: true })
  @ApiOperation({ summary: 'Saves a new version; scoring follows from the next tick on' })
  async save(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Body({ schema: saveSettingsRequest }) body: z.output<typeof saveSettingsRequest>,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionView> {
    const change = { document: body.settings as DetectionSettings, comment: body.comment };
    return tagged(reply, await this.settings.save(principal, environmentId, ifMatch, change));
  }

  @Get('versions')
  @Access('anomalies:read')
  @Returns(200, settingsVersionPage)
  @ApiOperation({ summary: 'Every version that was ever saved, newest first, with who, when and why' })
  async versions(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.output<typeof settingsVersionPage>> {
    const page = await this.settings.page(environmentId, query.limit, query.cursor);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Get('versions/:version')
  @Access('anomalies:read')
  @Returns(200, settingsVersion)
  @ApiOperation({ summary: 'One version; 0 is what holds before anybody saved' })
  async version(
    @Param({ schema: versionParams }) { environmentId, version }: z.output<typeof versionParams>,
  ): Promise<VersionView> {
    return toView(await this.settings.versionOf(environmentId, version));
  }

  @Post('versions/:version/restore')
  @Access('anomalies:write')
  @Returns(200, settingsVersion)
  @ApiOperation({ summary: 'Saves an older version as the newest' })
  async restore(
    @Param({ schema: versionParams }) { environmentId, version }: z.output<typeof versionParams>,
    @Body({ schema: restoreSettingsRequest }) body: z.output<typeof restoreSettingsRequest>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionView> {
    return tagged(reply, await this.settings.restore(principal, environmentId, version, body.comment));
  }

  @Get('diff')
  @Access('anomalies:read')
  @Returns(200, settingsDiff)
  @ApiOperation({ summary: 'What differs between two versions, rule by rule' })
  async diff(
    @Param({ schema: environmentParams }) { environmentId }: EnvironmentParams,
    @Query({ schema: diffQuery }) { from, to }: z.output<typeof diffQuery>,
  ): Promise<z.output<typeof settingsDiff>> {
    return { from, to, differences: await this.settings.diff(environmentId, from, to) };
  }
}

function tagged(reply: FastifyReply, row: SettingsVersionRow): VersionView {
  void reply.header('ETag', etagOf(row.version));
  return toView(row);
}

function toView({ document, createdAt, ...row }: SettingsVersionRow): VersionView {
  return {
    ...row,
    settings: document as VersionView['settings'],
    createdAt: row.version === 0 ? null : createdAt.toISOString(),
  };
}
