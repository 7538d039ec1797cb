import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public, SkipRateLimit } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import type { HealthScope } from '../../platform/observability/health-registry.js';
import { HealthReporter } from './health-reporter.js';
import { healthSchema, liveSchema } from './health.schema.js';

@ApiTags('health')
@Controller('health')
@Public()
@SkipRateLimit()
export class HealthController {
  constructor(private readonly reporter: HealthReporter) {}

  /** Asks nobody: a process that can answer this need not be restarted. */
  @Get('live')
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether this process runs' })
  @Returns(200, liveSchema)
  live(@Res({ passthrough: true }) reply: FastifyReply): { status: 'ok'; uptimeSeconds: number } {
    void reply.header('Cache-Control', 'no-store');
    return { status: 'ok', uptimeSeconds: Math.floor(process.uptime()) };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether this process can take requests, with reasons; 503 where not',
  })
  @Returns(200, healthSchema)
  @ApiResponse({ status: 503, description: 'Not fit for work, with the reasons', standardSchema: healthSchema })
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer('ready', reply);
  }

  @Get('startup')
  @ApiOperation({ operationId: 'getStartup', summary: 'Whether this process has finished starting; 503 where not' })
  @Returns(200, healthSchema)
  @ApiResponse({ status: 503, description: 'Not fit for work, with the reasons', standardSchema: healthSchema })
  startup(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer('startup', reply);
  }

  private async answer(scope: HealthScope, reply: FastifyReply): Promise<unknown> {
    const { healthy, result } = await this.reporter.report(scope);
    void reply.header('Cache-Control', 'no-store').code(healthy ? 200 : 503);
    return result;
  }
}
