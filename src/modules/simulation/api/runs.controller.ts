import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import { junit } from '../../../engine/simulation/report/junit.js';
import type { Page } from '../../../kernel/page.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { assertEnvironmentAccess } from '../../auth/index.js';
import type { RunRow } from '../data/run.repository.js';
import { RunService } from '../runs/run.service.js';
import { ScenarioLibrary } from '../scenarios/scenario-library.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { chosenScenario } from './chosen-scenario.js';
import { createRunRequest, runId, runPage, runReport, runSchema, runsQuery } from './runs.schema.js';

type RunView = z.output<typeof runSchema>;

/** Runs belong to no environment: a token that is bound to one has no part in them. */
@ApiTags('simulation')
@Controller('simulation-runs')
export class RunsController {
  constructor(
    private readonly runs: RunService,
    private readonly library: ScenarioLibrary,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  @Get()
  @Access('simulation:read')
  @ApiOperation({ summary: 'Batch runs, newest first' })
  @Returns(200, runPage)
  async list(
    @Query({ schema: runsQuery }) query: z.output<typeof runsQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<RunView>> {
    assertEnvironmentAccess(principal, null);
    const page = await this.runs.page(query.limit, query.cursor);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  @Post()
  @Access('simulation:control')
  @ApiOperation({ summary: 'Runs a scenario from start to end, as fast as it goes' })
  @Returns(202, runSchema)
  async create(
    @Body({ schema: createRunRequest }) body: z.output<typeof createRunRequest>,
    @Headers('idempotency-key') key: string | undefined,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RunView> {
    assertEnvironmentAccess(principal, null);
    const chosen = await chosenScenario(this.library, body, this.config);
    return toView(await this.runs.create(principal, { ...body, ...chosen, overrides: body.overrides ?? [] }, key));
  }

  @Get(':id')
  @Access('simulation:read')
  @ApiOperation({ summary: 'How far a run is' })
  @Returns(200, runSchema)
  async get(@Param('id', { schema: runId }) id: string, @CurrentPrincipal() principal: Principal): Promise<RunView> {
    assertEnvironmentAccess(principal, null);
    return toView(await this.runs.get(id));
  }

  @Post(':id/cancel')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Stops a run; one that is over stays as it is' })
  @Returns(200, runSchema)
  async cancel(@Param('id', { schema: runId }) id: string, @CurrentPrincipal() principal: Principal): Promise<RunView> {
    assertEnvironmentAccess(principal, null);
    return toView(await this.runs.cancel(principal, id));
  }

  @Get(':id/report')
  @Access('simulation:read')
  @ApiOperation({ summary: 'What a finished run did: expectations, users, services, faults, bill' })
  @Returns(200, runReport)
  async report(
    @Param('id', { schema: runId }) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RunReport> {
    assertEnvironmentAccess(principal, null);
    return this.runs.report(id);
  }

  @Get(':id/junit')
  @Access('simulation:read')
  @ApiOperation({ summary: 'The expectations of a finished run as JUnit XML' })
  @ApiProduces('application/xml')
  @Returns(200, undefined, 'JUnit XML')
  async junit(
    @Param('id', { schema: runId }) id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    assertEnvironmentAccess(principal, null);
    const text = junit(await this.runs.report(id));
    void reply.type('application/xml; charset=utf-8');
    return text;
  }
}

function toView(run: RunRow): RunView {
  return {
    id: run.id,
    scenario: run.scenarioName,
    title: run.title,
    library: run.libraryName,
    overrides: [...run.overrides],
    seed: run.seed,
    solver: run.solver,
    state: run.state,
    reason: run.reason,
    passed: run.passed,
    simulatedSeconds: run.steps,
    doneSeconds: run.doneSteps,
    percent: Math.floor((100 * run.doneSteps) / run.steps),
    createdBy: run.createdBy,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
