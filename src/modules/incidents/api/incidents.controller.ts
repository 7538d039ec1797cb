import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import type { Page } from '../../../kernel/page.js';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { scopeToEnvironment } from '../../auth/index.js';
import { IncidentReadModel } from '../data/incident.read-model.js';
import type { IncidentSnapshot } from '../incidents.reader.js';
import {
  incidentAction,
  type IncidentDetail,
  incidentDetail,
  incidentId,
  incidentPage,
  type IncidentsQuery,
  incidentsQuery,
} from '../incidents.schema.js';
import { IncidentActions } from '../lifecycle/incident-actions.service.js';
import { toIncidentDetail } from './incident-detail.js';

type Action = z.output<typeof incidentAction>;

@ApiTags('incidents')
@Controller('incidents')
export class IncidentsController {
  constructor(
    private readonly incidents: IncidentReadModel,
    private readonly actions: IncidentActions,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Access('incidents:read')
  @ApiOperation({ summary: 'Incidents, newest first' })
  @Returns(200, incidentPage)
  async list(
    @Query({ schema: incidentsQuery }) query: IncidentsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<IncidentSnapshot>> {
    return this.incidents.page({ ...query, environmentId: scopeToEnvironment(principal, query.environmentId) });
  }

  @Get(':id')
  @Access('incidents:read')
  @ApiOperation({ summary: 'One incident with all its evidence and its timeline' })
  @Returns(200, incidentDetail)
  async detail(
    @Param('id', { schema: incidentId }) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<IncidentDetail> {
    return this.read(id, principal);
  }

  @Post(':id/acknowledge')
  @Access('incidents:acknowledge')
  @ApiOperation({ summary: 'Says that someone is on it' })
  @Returns(200, incidentDetail)
  async acknowledge(
    @Param('id', { schema: incidentId }) id: string,
    @Body({ schema: incidentAction }) body: Action,
    @CurrentPrincipal() principal: Principal,
  ): Promise<IncidentDetail> {
    await this.actions.acknowledge(id, principal, body?.note);
    return this.read(id, principal);
  }

  @Post(':id/mitigate')
  @Access('incidents:acknowledge')
  @ApiOperation({ summary: 'Says that the harm is over while the cause remains' })
  @Returns(200, incidentDetail)
  async mitigate(
    @Param('id', { schema: incidentId }) id: string,
    @Body({ schema: incidentAction }) body: Action,
    @CurrentPrincipal() principal: Principal,
  ): Promise<IncidentDetail> {
    await this.actions.mitigate(id, principal, body?.note);
    return this.read(id, principal);
  }

  @Post(':id/resolve')
  @Access('incidents:resolve')
  @ApiOperation({ summary: 'Closes it; a new anomaly opens a new incident' })
  @Returns(200, incidentDetail)
  async resolve(
    @Param('id', { schema: incidentId }) id: string,
    @Body({ schema: incidentAction }) body: Action,
    @CurrentPrincipal() principal: Principal,
  ): Promise<IncidentDetail> {
    await this.actions.resolve(id, principal, body?.note);
    return this.read(id, principal);
  }

  private async read(id: string, principal: Principal): Promise<IncidentDetail> {
    return toIncidentDetail(await this.incidents.detail(id, principal.environmentId), this.clock.now());
  }
}
