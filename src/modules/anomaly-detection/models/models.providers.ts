import type { Provider } from '@nestjs/common';
import type { ModuleContext } from '../../../platform/registry/module-definition.js';
import { EnvironmentModelsController } from './api/environment-models.controller.js';
import { ModelStagesController } from './api/model-stages.controller.js';
import { ModelsController } from './api/models.controller.js';
import { SqlModelChoice } from './choice/sql-model-choice.js';
import { RUNS_BUILT_IN_HERE, WindowModelRuns } from './choice/window-model-runs.js';
import { DriftReadModel } from './data/drift.read-model.js';
import { ModelRepository } from './data/model.repository.js';
import { RefitRepository } from './data/refit.repository.js';
import { ShadowCountRepository } from './data/shadow-count.repository.js';
import { ShadowRepository } from './data/shadow.repository.js';
import { StageRepository } from './data/stage.repository.js';
import { ModelChoice } from './model-choice.js';
import { modelMetrics, modelWorkerMetrics } from './models.metrics.js';
import { DriftWatch } from './refit/drift.service.js';
import { EnvironmentFits } from './refit/environment-fit.js';
import { RefitEnvironmentProcessor } from './refit/refit-environment.processor.js';
import { RefitHistory } from './refit/refit-history.js';
import { RefitJudge } from './refit/refit-judge.js';
import { refitEnvironment, tendRefits, tendRefitsSchedule } from './refit/refit.jobs.js';
import { RefitService } from './refit/refit.service.js';
import { TendRefitsProcessor } from './refit/tend-refits.processor.js';
import { BuiltInModels } from './registry/built-in-models.js';
import { ModelCatalogue } from './registry/model-catalogue.js';
import { ModelContents } from './registry/model-contents.js';
import { ModelTrial } from './registry/model-trial.js';
import { ModelLabels } from './shadow/model-labels.js';
import { ShadowCards } from './shadow/shadow-cards.service.js';
import { ShadowCounting } from './shadow/shadow-counting.js';
import { PlacedStages } from './stages/placed-stages.js';
import { ModelStages } from './stages/model-stages.service.js';

export const MODEL_CONTROLLERS = [ModelsController, ModelStagesController, EnvironmentModelsController];
export const MODEL_JOBS = [refitEnvironment, tendRefits];
export const MODEL_SCHEDULES = [tendRefitsSchedule];

const SERVING_PROVIDERS = [ModelCatalogue, ModelTrial, PlacedStages, RefitService];
const WORKER_PROVIDERS = [
  BuiltInModels,
  DriftWatch,
  EnvironmentFits,
  RefitEnvironmentProcessor,
  RefitJudge,
  RefitService,
  TendRefitsProcessor,
  ...modelWorkerMetrics,
];

export function modelProviders({ serves, works }: Pick<ModuleContext, 'serves' | 'works'>): Provider[] {
  return [
    DriftReadModel,
    ModelContents,
    ModelLabels,
    ModelRepository,
    ModelStages,
    RefitHistory,
    RefitRepository,
    ShadowCards,
    ShadowCountRepository,
    ShadowCounting,
    ShadowRepository,
    SqlModelChoice,
    StageRepository,
    WindowModelRuns,
    { provide: ModelChoice, useExisting: SqlModelChoice },
    { provide: RUNS_BUILT_IN_HERE, useValue: works },
    ...modelMetrics,
    ...(serves ? SERVING_PROVIDERS : []),
    ...(works ? WORKER_PROVIDERS : []),
  ];
}
