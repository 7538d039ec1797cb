import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { FAULT_KINDS, type FaultKindDefinition } from '../../../engine/scenario/fault.types.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { ScenarioLibrary } from '../scenarios/scenario-library.js';
import {
  faultVocabulary,
  scenarioDetail,
  scenarioList,
  scenarioName,
  scenarioSummary,
  validateRequest,
  validatedScenario,
} from './scenarios.schema.js';
import { assertFleetSize } from './fleet-size.js';
import { assertTextSize } from './text-size.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';

@ApiTags('simulation')
@Controller()
@Access('simulation:read')
export class ScenariosController {
  constructor(
    private readonly library: ScenarioLibrary,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  @Get('scenarios')
  @ApiOperation({ summary: 'The library of scenarios' })
  @Returns(200, scenarioList)
  async list(): Promise<z.output<typeof scenarioList>> {
    return { items: (await this.library.list()).map(({ name, scenario }) => summaryOf(name, scenario)) };
  }

  @Get('scenarios/:name')
  @ApiOperation({ summary: 'A scenario of the library with its text' })
  @Returns(200, scenarioDetail)
  async get(@Param('name', { schema: scenarioName }) name: string): Promise<z.output<typeof scenarioDetail>> {
    const { source, scenario } = await this.library.get(name);
    return { ...summaryOf(name, scenario), text: source };
  }

  @Post('scenarios/validate')
  @ApiOperation({ summary: 'Checks a scenario; every mistake has a line and a column' })
  @Returns(200, validatedScenario)
  validate(
    @Body({ schema: validateRequest }) body: z.output<typeof validateRequest>,
  ): z.output<typeof validatedScenario> {
    assertTextSize(body.text, this.config.maxScenarioBytes);
    const scenario = this.library.parse(body.text, body.overrides);
    assertFleetSize(scenario, this.config);
    return { ...summaryOf(scenario.name, scenario), notes: [...(scenario.notes ?? [])] };
  }

  @Get('faults')
  @ApiOperation({ summary: 'Every kind of fault with its targets and settings' })
  @Returns(200, faultVocabulary)
  faults(): z.output<typeof faultVocabulary> {
    return {
      items: Object.entries<FaultKindDefinition>(FAULT_KINDS).map(([kind, definition]) => ({
        kind,
        title: definition.title,
        description: definition.description,
        targets: [...definition.targets],
        settings: Object.entries(definition.settings).map(([name, setting]) => ({ name, ...setting })),
      })),
    };
  }
}

function summaryOf(name: string, scenario: Scenario): z.output<typeof scenarioSummary> {
  return {
    name,
    title: scenario.title,
    teaches: scenario.teaches,
    start: new Date(scenario.start).toISOString(),
    durationSeconds: scenario.duration,
    services: scenario.services.length,
    stores: scenario.stores.length,
    clusters: scenario.platform.clusters.length,
    pods: scenario.services.reduce((sum, { replicas, clusters }) => sum + replicas * clusters.length, 0),
    faults: scenario.faults.length,
    changes: scenario.changes.length,
  };
}
