import type { EpochMs } from './clock.js';

/** Label set in the Prometheus data model; the metric name is the label `__name__`. */
export type Labels = Readonly<Record<string, string>>;

export const METRIC_NAME_LABEL = '__name__';

/** Prometheus metric types (OpenMetrics 1.0, section 5); `unknown` when nobody said. */
export type MetricType =
  'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';

/** Samples of one series, ascending by time, at most one per millisecond. Both arrays have the same length. */
export interface SampleWindow {
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Samples of many series in columns: entry i is (seriesIds[i], times[i], values[i]). Any order. */
export interface SampleBatch {
  readonly seriesIds: Int32Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Half-open interval of event time, [from, to). */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Text form of a series as Prometheus prints it: `name{a="b",c="d"}`, labels sorted by name. */
export function formatSeries(labels: Labels): string {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const rest = Object.keys(labels)
    .filter((key) => key !== METRIC_NAME_LABEL)
    .sort()
    .map((key) => `${key}=${JSON.stringify(labels[key])}`);
  return rest.length === 0 ? name : `${name}{${rest.join(',')}}`;
}
