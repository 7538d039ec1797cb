import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

export const STEPS_TOTAL = 'dsim_simulation_steps_total';
export const BATCH_SECONDS = 'dsim_simulation_batch_seconds';
export const RESTORES_TOTAL = 'dsim_simulation_restores_total';
export const RUNS_TOTAL = 'dsim_simulation_runs_total';

export type BatchPhase = 'compute' | 'write' | 'commit';

export const simulationMetrics = [
  makeCounterProvider({ name: STEPS_TOTAL, help: 'Simulated seconds whose telemetry was stored' }),
  makeHistogramProvider({
    name: BATCH_SECONDS,
    help: 'Time for a batch of simulated time, by phase',
    labelNames: ['phase'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 1, 5, 20],
  }),
  makeCounterProvider({
    name: RESTORES_TOTAL,
    help: 'Simulations that a worker took up, from a snapshot or computed again from the journal',
    labelNames: ['from'],
  }),
  makeCounterProvider({ name: RUNS_TOTAL, help: 'Batch runs by outcome', labelNames: ['outcome'] }),
];
