import type { Provider } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

export const RUN_DURATION = 'dsim_inference_run_duration_seconds';
export const BATCH_SIZE = 'dsim_inference_batch_rows';
export const SESSIONS = 'dsim_inference_sessions';
export const HOST_SESSIONS = 'dsim_inference_isolated_sessions';
export const HOST_ENDS = 'dsim_inference_isolated_process_ends_total';

export const inferenceMetrics: Provider[] = [
  makeHistogramProvider({
    name: RUN_DURATION,
    help: 'Time one run of a model took, by model.',
    labelNames: ['model'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  }),
  makeHistogramProvider({
    name: BATCH_SIZE,
    help: 'Rows of one run, by model.',
    labelNames: ['model'],
    buckets: [1, 10, 50, 100, 250, 500, 1_000, 2_500, 10_000],
  }),
  makeGaugeProvider({ name: SESSIONS, help: 'ONNX sessions this process holds.' }),
  makeGaugeProvider({ name: HOST_SESSIONS, help: 'ONNX sessions that the process for uploaded models holds.' }),
  makeCounterProvider({
    name: HOST_ENDS,
    help: 'Times the process for uploaded models ended before its time, by reason.',
    labelNames: ['reason'],
  }),
];
