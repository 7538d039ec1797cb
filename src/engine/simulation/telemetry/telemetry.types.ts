import type { EpochMs } from '../../../kernel/clock.js';
import type { Labels, MetricType } from '../../../kernel/time-series.js';

export interface SeriesDescriptor {
  /** Metric name included, as `__name__`. */
  readonly labels: Labels;
  /** Name of the metric family: of a histogram's `_bucket` series the name without the suffix. */
  readonly family: string;
  readonly metricType: MetricType;
}

export interface FamilyDescriptor {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** OpenMetrics unit (`seconds`, `bytes`) where the name ends in it; empty otherwise. */
  readonly unit: string;
}

/**
 * One scrape of everything. Slots of series that ended are used again: `ended` and `started` say so before the values
 * count. Who joins late finds what is there in `series`. A histogram has consecutive slots: buckets, `_count`, `_sum`.
 */
export interface ScrapeFrame {
  readonly time: EpochMs;
  readonly families: readonly FamilyDescriptor[];
  /** By slot; null: free. Do not keep references: copy what you need. */
  readonly series: readonly (SeriesDescriptor | null)[];
  /** Slots whose series ended since the last frame (pods that went); Prometheus would mark them stale. */
  readonly ended: readonly number[];
  /** Slots given to new series since the last frame. */
  readonly started: readonly number[];
  /** By slot, valid until the next frame. NaN: no sample in this scrape. */
  readonly values: Float64Array;
}

/** One line as a component writes it. */
export interface LogRecord {
  readonly time: EpochMs;
  readonly severity: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  /** The text of the line: JSON or plain, as the component logs. */
  readonly line: string;
  /** `namespace`, `pod`, `container`, `service`, `cluster`, `node`. */
  readonly labels: Labels;
}

/** Kubernetes' event of API group events.k8s.io/v1, as JSON. */
export interface EventRecord {
  readonly time: EpochMs;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly cluster: string;
  readonly message: string;
}

/** A CDEvents event in CloudEvents structured mode, ready to post. */
export interface DeployEventRecord {
  readonly time: EpochMs;
  readonly cloudEvent: Readonly<Record<string, unknown>>;
}

/** Where a run's telemetry goes. Calls come in event-time order, one step after another. */
export interface TelemetrySink {
  scrape?(frame: ScrapeFrame): void;
  log?(record: LogRecord): void;
  event?(record: EventRecord): void;
  deploy?(record: DeployEventRecord): void;
}
