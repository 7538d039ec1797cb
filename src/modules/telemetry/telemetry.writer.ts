import type { Labels, MetricType, SampleBatch } from '../../kernel/time-series.js';

export interface SeriesDescription {
  readonly labels: Labels;
  readonly metricType?: MetricType;
  /** Id of the series it was computed from. Part of its identity: a received series of the same labels is another. */
  readonly derivedFrom?: number;
}

/** For sources inside the product: the host source, simulated environments, detectors that record their scores. */
export abstract class TelemetryWriter {
  /** Ids of the series, in order, created where missing. Throws `telemetry.too_many_series`. */
  abstract resolveSeries(environmentId: string, series: readonly SeriesDescription[]): Promise<Int32Array>;
  /** Durable when it resolves. Writing the same samples twice changes nothing. */
  abstract append(environmentId: string, batch: SampleBatch): Promise<void>;
  /**
   * The series ended at these times, as a stale marker says: they no longer count against the limit, and nobody waits
   * for their next sample. A later sample takes it back.
   */
  abstract endSeries(environmentId: string, seriesIds: Int32Array, times: Float64Array): Promise<void>;
}
