import { METRIC_NAME_LABEL, type Labels } from '../../kernel/time-series.js';
import type { ScoredUnit } from './series-unit.js';

/** Sizes, ages, shares, loads and signals of services: gauges whose unit, by Prometheus naming practice, has no negative values. */
const NEVER_NEGATIVE =
  /_(bytes|ratio|percent|count|connections|replicas)$|:(rate|sum|error_ratio|p50|p99|residual)$|^node_(load\d+|procs_\w+|filefd_\w+)$|^up$/;

/** The least value the series can have: a counter's rate and some gauges cannot be negative. -Infinity where nothing is known. */
export function lowerBound(labels: Labels, unit: ScoredUnit): number {
  return unit === 'per_second' || NEVER_NEGATIVE.test(labels[METRIC_NAME_LABEL] ?? '') ? 0 : -Infinity;
}
