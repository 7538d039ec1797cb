import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Page } from '../../../kernel/page.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Access, CurrentPrincipal, type Principal } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { assertEnvironmentAccess } from '../../auth/index.js';
import { EnvironmentsProvisioner } from '../../environments/index.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import { SimulationControl } from '../live/simulation-control.js';
import { type DetailView, type GroundTruthView, SimulationViews, type SummaryView } from '../live/simulation-views.js';
import { ScenarioLibrary } from '../scenarios/scenario-library.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { FaultNotFoundError, SimulationNotFoundError } from '../simulation.errors.js';
import { checkChange, checkFault } from './check-request.js';
import { chosenScenario } from './chosen-scenario.js';
import { assertFleetSize } from './fleet-size.js';
import {
  acceptedIntervention,
  changeRequest,
  changeSimulationRequest,
  createSimulationRequest,
  deleteSimulationQuery,
  environmentId,
  groundTruth,
  injectFaultRequest,
  simulationDetail,
  simulationPage,
  simulationsQuery,
  stepRequest,
} from './simulations.schema.js';

type Accepted = z.output<typeof acceptedIntervention>;

@ApiTags('simulation')
@Controller('simulations')
export class SimulationsController {
  constructor(
    private readonly control: SimulationControl,
    private readonly views: SimulationViews,
    private readonly simulations: SimulationRepository,
    private readonly library: ScenarioLibrary,
    private readonly environments: EnvironmentsProvisioner,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  @Get()
  @Access('simulation:read')
  @ApiOperation({ summary: 'Simulated environments, oldest first' })
  @Returns(200, simulationPage)
  async list(
    @Query({ schema: simulationsQuery }) query: z.output<typeof simulationsQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<SummaryView>> {
    return this.views.page(query.limit, query.cursor, principal.environmentId ?? undefined);
  }

  @Post()
  @Access('simulation:control')
  @ApiOperation({ summary: 'Creates a simulated environment from a scenario and starts it' })
  @Returns(201, simulationDetail)
  async create(
    @Body({ schema: createSimulationRequest }) body: z.output<typeof createSimulationRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DetailView> {
    assertEnvironmentAccess(principal, null);
    const chosen = await chosenScenario(this.library, body, this.config);
    return this.views.detail(await this.control.create(principal, { ...body, ...chosen }));
  }

  @Get(':environmentId')
  @Access('simulation:read')
  @ApiOperation({ summary: 'How it is: clock, services, stores, users, faults, SLOs, bill' })
  @Returns(200, simulationDetail)
  async get(@Param('environmentId', { schema: environmentId }) id: string): Promise<DetailView> {
    return this.views.detail(id);
  }

  @Patch(':environmentId')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Changes speed, pauses, resumes' })
  @Returns(200, simulationDetail)
  async change(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Body({ schema: changeSimulationRequest }) body: z.output<typeof changeSimulationRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DetailView> {
    await this.control.change(principal, id, body);
    return this.views.detail(id);
  }

  @Delete(':environmentId')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Deletes it with its environment and all data' })
  @Returns(204)
  async delete(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Query({ schema: deleteSimulationQuery }) query: z.output<typeof deleteSimulationQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    if (!(await this.simulations.find(id))) throw new SimulationNotFoundError(id);
    await this.environments.remove(principal, id, query.confirm);
  }

  @Post(':environmentId/step')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Lets a paused simulation go on for some simulated seconds' })
  @Returns(202, simulationDetail)
  async step(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Body({ schema: stepRequest }) body: z.output<typeof stepRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DetailView> {
    await this.control.step(principal, id, body.seconds);
    return this.views.detail(id);
  }

  @Post(':environmentId/faults')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Injects a fault; it begins with the next batch' })
  @Returns(202, acceptedIntervention)
  async inject(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Body({ schema: injectFaultRequest }) body: z.output<typeof injectFaultRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Accepted> {
    const scenario = await this.scenarioOf(id);
    checkFault(scenario, body);
    const planned = scenario.faults.map(({ name }) => name);
    return this.control.inject(principal, id, body, planned);
  }

  @Delete(':environmentId/faults/:name')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Ends a fault, or forgets one that has not begun' })
  @Returns(202, acceptedIntervention)
  async clear(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Param('name') name: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Accepted> {
    const scenario = await this.scenarioOf(id);
    const known = [...scenario.faults.map((fault) => fault.name), ...(await this.control.injected(id))];
    if (!known.includes(name)) throw new FaultNotFoundError(name);
    return this.control.clear(principal, id, name);
  }

  @Post(':environmentId/changes')
  @Access('simulation:control')
  @ApiOperation({ summary: 'Deploys, rolls back, scales, restarts, changes load or traffic, fails a database over' })
  @Returns(202, acceptedIntervention)
  async request(
    @Param('environmentId', { schema: environmentId }) id: string,
    @Body({ schema: changeRequest }) body: z.output<typeof changeRequest>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Accepted> {
    const scenario = await this.scenarioOf(id);
    checkChange(scenario, body);
    if (body.kind === 'scale') {
      const scaled = { ...scenario, changes: [...scenario.changes, { ...body, at: 0 }] };
      assertFleetSize(scaled, this.config, 'replicas');
    }
    return this.control.request(principal, id, body);
  }

  @Get(':environmentId/ground-truth')
  @Access('simulation:read')
  @ApiOperation({ summary: 'Which fault was active where and when, and when users were harmed' })
  @Returns(200, groundTruth)
  async groundTruth(@Param('environmentId', { schema: environmentId }) id: string): Promise<GroundTruthView> {
    return this.views.groundTruth(id);
  }

  private async scenarioOf(id: string) {
    const stored = await this.simulations.scenarioOf(id);
    if (!stored) throw new SimulationNotFoundError(id);
    return stored.scenario;
  }
}
