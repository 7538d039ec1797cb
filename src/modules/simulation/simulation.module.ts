import { type DynamicModule, Module } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { ExpositionController } from './api/exposition.controller.js';
import { RunsController } from './api/runs.controller.js';
import { ScenariosController } from './api/scenarios.controller.js';
import { SimulationsController } from './api/simulations.controller.js';
import { FrameRepository } from './data/frame.repository.js';
import { InterventionRepository } from './data/intervention.repository.js';
import { RunRepository } from './data/run.repository.js';
import { SimulationRepository } from './data/simulation.repository.js';
import { SnapshotRepository } from './data/snapshot.repository.js';
import { DemoSeeder } from './demo/demo-seeder.js';
import { ExecuteRunProcessor } from './jobs/execute-run.processor.js';
import { executeRun, tendRuns, tendRunsSchedule } from './jobs/simulation-runs.jobs.js';
import { TendRunsProcessor } from './jobs/tend-runs.processor.js';
import { BatchPlanner } from './live/batch-planner.js';
import { FaultLabels } from './live/fault-labels.js';
import { LiveSimulations } from './live/live-simulations.js';
import { SimulationBatches } from './live/simulation-batches.js';
import { SimulationControl } from './live/simulation-control.js';
import { SimulationTicker } from './live/simulation-ticker.js';
import { SimulationViews } from './live/simulation-views.js';
import { StoredScrapes } from './live/stored-scrapes.js';
import { RunService } from './runs/run.service.js';
import { ScenarioLibrary } from './scenarios/scenario-library.js';
import { simulationMetrics } from './simulation.metrics.js';

const SERVING_PROVIDERS = [SimulationViews, StoredScrapes, RunService];

const WORKER_PROVIDERS = [
  BatchPlanner,
  DemoSeeder,
  ExecuteRunProcessor,
  LiveSimulations,
  SimulationBatches,
  SimulationTicker,
  SnapshotRepository,
  TendRunsProcessor,
  ...simulationMetrics,
];

@Module({})
export class SimulationModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: SimulationModule,
      imports: [QueueModule.forFeature({ jobs: [executeRun, tendRuns], schedules: [tendRunsSchedule] })],
      controllers: context.serves
        ? [SimulationsController, ScenariosController, ExpositionController, RunsController]
        : [],
      providers: [
        // The API judges shadows by it, workers score cards.
        FaultLabels,
        ScenarioLibrary,
        SimulationControl,
        SimulationRepository,
        InterventionRepository,
        FrameRepository,
        RunRepository,
        ...(context.serves ? SERVING_PROVIDERS : []),
        ...(context.works ? WORKER_PROVIDERS : []),
      ],
    };
  }
}
