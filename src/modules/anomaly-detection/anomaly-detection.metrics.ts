import type { Provider } from '@nestjs/common';
import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import { gaugeReadAtScrape } from '../../platform/observability/gauge-read-at-scrape.js';
import { DetectionReadModel } from './data/detection.read-model.js';

export const SERIES_SCORED = 'dsim_anomaly_detection_series_scored_total';
export const PHASE_DURATION = 'dsim_anomaly_detection_phase_duration_seconds';
export const LAG = 'dsim_anomaly_detection_lag_seconds';
export const OPEN_ANOMALIES = 'dsim_anomaly_detection_open_anomalies';
export const ANOMALIES = 'dsim_anomaly_detection_anomalies_total';
export const WINDOWS_REBUILT = 'dsim_anomaly_detection_windows_rebuilt_total';
export const SNAPSHOT_BYTES = 'dsim_anomaly_detection_snapshot_bytes_total';

/** Parts of a score-shard job: filling states from snapshot and history, reading samples, scoring, recording, committing, keeping a snapshot. */
export type ScoringPhase = 'rebuild' | 'read' | 'score' | 'record' | 'commit' | 'snapshot';

export const detectionMetrics: Provider[] = [
  makeCounterProvider({ name: SERIES_SCORED, help: 'Points scored, one per series and tick.' }),
  makeHistogramProvider({
    name: PHASE_DURATION,
    help: 'Time the parts of a score-shard job took.',
    labelNames: ['phase'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  }),
  gaugeReadAtScrape({
    name: LAG,
    help: 'Age of the newest tick that is scored in full, by environment. Use max() over processes',
    labelNames: ['environment'],
    source: DetectionReadModel,
    read: async (readModel) => byEnvironment(await readModel.lags()),
  }),
  gaugeReadAtScrape({
    name: OPEN_ANOMALIES,
    help: 'Anomalies that are open, by environment. Use max() over processes',
    labelNames: ['environment'],
    source: DetectionReadModel,
    read: async (readModel) => byEnvironment(await readModel.openAnomaliesOfAll()),
  }),
  makeCounterProvider({ name: ANOMALIES, help: 'Anomalies opened and ended by this worker.', labelNames: ['event'] }),
  makeCounterProvider({
    name: WINDOWS_REBUILT,
    help: 'Shards whose states were filled from stored history alone (cold), from a snapshot, or from what another worker scored (behind).',
    labelNames: ['extent'],
  }),
  makeCounterProvider({ name: SNAPSHOT_BYTES, help: 'Bytes of snapshots of states written, compressed.' }),
];

function byEnvironment(rows: readonly { readonly environmentId: string; readonly value: number }[]) {
  return rows.map(({ environmentId, value }) => ({ labels: { environment: environmentId }, value }));
}
