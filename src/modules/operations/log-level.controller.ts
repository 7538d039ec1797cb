import { Body, Controller, Get, Logger, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { LogLevelControl } from '../../platform/observability/log-level-control.js';
import { OperationsAudit } from './operations-audit.js';
import { logLevelSchema } from './operations.schema.js';

type LogLevelBody = z.output<typeof logLevelSchema>;

@ApiTags('operations')
@Controller('log-level')
@Access('admin')
export class LogLevelController {
  private readonly logger = new Logger(LogLevelController.name);

  constructor(
    private readonly control: LogLevelControl,
    private readonly audit: OperationsAudit,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getLogLevel', summary: 'Least severe level that this process logs' })
  @Returns(200, logLevelSchema)
  read(): LogLevelBody {
    return { level: this.control.level };
  }

  @Put()
  @ApiOperation({
    operationId: 'setLogLevel',
    summary: 'Change it until the next start, in this process and the worker it forked',
  })
  @Returns(200, logLevelSchema)
  async change(
    @Body({ schema: logLevelSchema }) { level }: LogLevelBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<LogLevelBody> {
    const before = this.control.level;
    await this.audit.record(
      principal,
      'operations.set-log-level',
      { type: 'process', id: 'log-level' },
      { before, after: level },
    );
    this.control.set(level);
    this.logger.warn({ msg: `Log level changed from ${before} to ${level}`, by: principal.name });
    return { level: this.control.level };
  }
}
