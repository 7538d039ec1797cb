import { METRIC_NAME_LABEL, type Labels, type MetricType } from '../../kernel/time-series.js';

/** What a scored value means: the sample itself, or for counters their increase per second. */
export type ScoredUnit = 'raw' | 'per_second';

const COUNTER_SUFFIX = /_(total|count|sum|bucket)$/;
/** Kernel counters that node_exporter exposes as untyped and without a suffix. */
const UNTYPED_COUNTERS = /^node_(vmstat_(pg|psw|oom)|netstat_(?!\w*CurrEstab))/;
/** Positions in a log only grow; exporters of Kafka call them gauges. */
const GROWING_GAUGES = /^kafka_\w+_(current|log_end|latest|oldest)_offset$/;

/**
 * Counters are scored as rates. Known by the declared type; by the name (Prometheus naming practice: `_total`, and
 * the `_count`, `_sum`, `_bucket` of histograms and summaries) where nobody declared one.
 */
export function scoredUnit(labels: Labels, type: MetricType): ScoredUnit {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  switch (type) {
    case 'counter':
      return 'per_second';
    case 'histogram':
    case 'summary':
    case 'unknown':
      return COUNTER_SUFFIX.test(name) || UNTYPED_COUNTERS.test(name) ? 'per_second' : 'raw';
    case 'gauge':
      return GROWING_GAUGES.test(name) ? 'per_second' : 'raw';
    case 'gaugehistogram':
    case 'info':
    case 'stateset':
      return 'raw';
  }
}
