import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

export const SAMPLES_TOTAL = 'dsim_telemetry_samples_total';
export const WRITE_REQUESTS_TOTAL = 'dsim_telemetry_write_requests_total';
export const WRITE_REQUEST_SECONDS = 'dsim_telemetry_write_request_seconds';
export const IN_FLIGHT_BYTES = 'dsim_telemetry_in_flight_bytes';
export const SERIES_CREATED_TOTAL = 'dsim_telemetry_series_created_total';
export const JOURNAL_SAMPLES = 'dsim_telemetry_journal_samples';
export const JOURNAL_AGE_SECONDS = 'dsim_telemetry_journal_age_seconds';
export const PACK_SECONDS = 'dsim_telemetry_pack_seconds';
export const PACKED_SAMPLES_TOTAL = 'dsim_telemetry_packed_samples_total';
export const MERGE_SECONDS = 'dsim_telemetry_merge_seconds';
export const BLOCK_CACHE_READS_TOTAL = 'dsim_telemetry_block_cache_reads_total';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What became of a sample; also the label `outcome`. */
export type SampleOutcome =
  | 'stored'
  | 'stale_marker'
  | 'rejected_old'
  | 'rejected_future'
  | 'rejected_limit'
  | 'rejected_labels'
  | 'histogram_dropped';

/** Of processes that receive and store samples (all of them). */
export const ingestMetrics = [
  makeCounterProvider({
    name: SAMPLES_TOTAL,
    help: 'Samples received, by what became of them',
    labelNames: ['outcome'],
  }),
  makeCounterProvider({ name: SERIES_CREATED_TOTAL, help: 'Series created' }),
  makeCounterProvider({
    name: BLOCK_CACHE_READS_TOTAL,
    help: 'Journal blocks needed by reads, by whether memory held them',
    labelNames: ['outcome'],
  }),
];

/** Of processes that serve HTTP. */
export const remoteWriteMetrics = [
  makeCounterProvider({
    name: WRITE_REQUESTS_TOTAL,
    help: 'Remote-write requests by protocol and outcome (stored, partial, refused, unavailable, failed)',
    labelNames: ['protocol', 'outcome'],
  }),
  makeHistogramProvider({
    name: WRITE_REQUEST_SECONDS,
    help: 'From the complete body of a remote-write request to its durable answer',
    buckets: SECONDS,
  }),
  makeGaugeProvider({ name: IN_FLIGHT_BYTES, help: 'Bytes of remote-write bodies in memory' }),
];

/** Of processes that run jobs. */
export const storageMetrics = [
  makeGaugeProvider({ name: JOURNAL_SAMPLES, help: 'Samples waiting in the journal, all environments' }),
  makeGaugeProvider({ name: JOURNAL_AGE_SECONDS, help: 'Age of the oldest row of the journal' }),
  makeHistogramProvider({ name: PACK_SECONDS, help: 'Run time of one pack', buckets: SECONDS }),
  makeCounterProvider({ name: PACKED_SAMPLES_TOTAL, help: 'Samples packed into chunks' }),
  makeHistogramProvider({ name: MERGE_SECONDS, help: 'Run time of merging one hour', buckets: SECONDS }),
];
