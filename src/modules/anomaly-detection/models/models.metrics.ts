import type { Provider } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import { gaugeReadAtScrape } from '../../../platform/observability/gauge-read-at-scrape.js';
import { ModelRepository } from './data/model.repository.js';

export const MODEL_FAILURES = 'dsim_anomaly_detection_model_failures_total';
export const MODELS_SUSPENDED = 'dsim_anomaly_detection_models_suspended';
export const MODEL_SWAPS = 'dsim_anomaly_detection_model_swaps_total';
export const SHADOW_POINTS = 'dsim_anomaly_detection_shadow_points_total';
export const REFITS = 'dsim_anomaly_detection_refits_total';

export const modelMetrics: Provider[] = [
  makeCounterProvider({
    name: MODEL_FAILURES,
    help: 'Runs of a window model that failed or were too slow; plain channels scored instead.',
    labelNames: ['model', 'reason'],
  }),
  gaugeReadAtScrape({
    name: MODELS_SUSPENDED,
    help: 'Active and shadow models that score nothing until somebody resumes them. Use max() over processes',
    labelNames: [],
    source: ModelRepository,
    read: async (models) => [{ labels: {}, value: await models.countSuspended() }],
  }),
  makeCounterProvider({
    name: MODEL_SWAPS,
    help: 'Times this process began to score an environment with other versions.',
  }),
  makeCounterProvider({ name: SHADOW_POINTS, help: 'Points that shadow versions scored beside the active ones.' }),
];

export const modelWorkerMetrics: Provider[] = [
  makeCounterProvider({ name: REFITS, help: 'Refits of calibrations, by outcome.', labelNames: ['outcome'] }),
];
