import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../platform/http/access.js';
import { pageQuery } from '../../platform/http/paging.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { DeadJobs } from '../../platform/queue/dead-jobs.js';
import { OperationsAudit } from './operations-audit.js';
import { deadJobsPage, jobId, queueName, queuesResponse } from './operations.schema.js';

@ApiTags('operations')
@Controller('queues')
@Access('admin')
export class QueuesController {
  constructor(
    private readonly deadJobs: DeadJobs,
    private readonly audit: OperationsAudit,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listQueues', summary: 'Queues with the number of jobs in each state' })
  @Returns(200, queuesResponse)
  async list(): Promise<z.input<typeof queuesResponse>> {
    const queues = await this.deadJobs.queues();
    return { items: queues.map(({ name, counts, jobs }) => ({ name, counts, jobs: [...jobs] })) };
  }

  @Get(':name/dead')
  @ApiOperation({ operationId: 'listDeadJobs', summary: 'Jobs that used all their attempts, newest first' })
  @Returns(200, deadJobsPage)
  async dead(
    @Param('name', { schema: queueName }) name: string,
    @Query({ schema: pageQuery }) page: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof deadJobsPage>> {
    const { items, nextCursor } = await this.deadJobs.list(name, page);
    return {
      items: items.map((job) => ({
        ...job,
        enqueuedAt: job.enqueuedAt.toISOString(),
        diedAt: job.diedAt?.toISOString() ?? null,
      })),
      nextCursor,
    };
  }

  @Post(':name/dead/:jobId/retry')
  @ApiOperation({ operationId: 'retryDeadJob', summary: 'Run a dead job again with all its attempts' })
  @Returns(202, undefined, 'It waits in its queue')
  async retry(
    @Param('name', { schema: queueName }) name: string,
    @Param('jobId', { schema: jobId }) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.audit.record(principal, 'operations.retry-job', { type: 'job', id: `${name}/${id}` });
    await this.deadJobs.retry(name, id);
  }
}
