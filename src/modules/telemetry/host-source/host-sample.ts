import type { Labels, MetricType } from '../../../kernel/time-series.js';

/** One reading, named, labelled and typed as node_exporter would. */
export interface HostSample {
  readonly labels: Labels;
  readonly metricType: MetricType;
  readonly value: number;
}
