import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import { groupDetail, groupPage, groupParams, groupsQuery } from './groups.schema.js';
import { GroupsService } from './groups.service.js';

@ApiTags('anomaly detection')
@Controller('environments/:environmentId/anomaly-groups')
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  @Get()
  @Access('anomalies:read')
  @Returns(200, groupPage)
  @ApiOperation({ operationId: 'listAnomalyGroups', summary: 'Anomalies of one cause as one, newest first' })
  list(
    @Param({ schema: environmentParams }) { environmentId }: z.output<typeof environmentParams>,
    @Query({ schema: groupsQuery }) query: z.output<typeof groupsQuery>,
  ): Promise<z.output<typeof groupPage>> {
    return this.groups.list(environmentId, query);
  }

  @Get(':groupId')
  @Access('anomalies:read')
  @Returns(200, groupDetail)
  @ApiOperation({ operationId: 'getAnomalyGroup', summary: 'One group with its anomalies' })
  get(
    @Param({ schema: groupParams }) { environmentId, groupId }: z.output<typeof groupParams>,
  ): Promise<z.output<typeof groupDetail>> {
    return this.groups.get(environmentId, groupId);
  }
}
