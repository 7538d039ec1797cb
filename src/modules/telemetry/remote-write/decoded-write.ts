import type { FieldIssue } from '../../../kernel/errors.js';
import type { Labels, MetricType } from '../../../kernel/time-series.js';
import { MAX_METRIC_NAME_BYTES } from '../storage/series-identity.js';

/** `v1`: `prometheus.WriteRequest`; `v2`: `io.prometheus.write.v2.Request`. */
export type WriteProtocol = 'v1' | 'v2';

/** A label set that the cache does not know yet. Labels are valid: named, sorted by name, unique, no empty value. */
export interface NewSeries {
  readonly labels: Labels;
  /** From the metadata of protocol 2.0; `unknown` in 1.0, where metadata comes in messages of its own. */
  readonly metricType: MetricType;
  /** Opaque: the key under which `bindNewSeries` remembers the id. */
  readonly key: Uint8Array;
  /** Why this one cannot be stored, although the rest of the request can; its labels are empty then. */
  readonly refusal?: FieldIssue;
}

/** One entry of the metadata that protocol 1.0 sends apart from the samples. */
export interface MetricFamilyMetadata {
  readonly metricFamily: string;
  readonly metricType: MetricType;
  readonly help: string;
  readonly unit: string;
}

/**
 * A decoded request in columns: entry i is (seriesIds[i], times[i], values[i]), in the order of the message.
 *
 * `seriesIds` holds ids (>= 0) for series the cache knew and `-1 - k` for `newSeries[k]`; `bindNewSeries` replaces
 * the negative ones once ids exist. Stale markers (NaN 0x7ff0000000000002) are no values: they stand apart.
 */
export interface DecodedWrite {
  readonly protocol: WriteProtocol;
  readonly seriesIds: Int32Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Bit for bit as sent, NaN payloads included. */
  readonly values: Float64Array;
  readonly staleSeriesIds: Int32Array;
  /** Epoch milliseconds. */
  readonly staleTimes: Float64Array;
  readonly newSeries: readonly NewSeries[];
  /** Float samples in the message, stale markers included: the figure for `X-Prometheus-Remote-Write-Samples-Written`. */
  readonly sampleCount: number;
  /** Native histogram samples in the message. They are counted, not decoded. */
  readonly histogramCount: number;
  /** Exemplars in the message. They are counted, not decoded. */
  readonly exemplarCount: number;
  readonly metadata: readonly MetricFamilyMetadata[];
}

/** Stands for the id of a series with a `refusal`. */
export const REFUSED_SERIES = -2;

/** What a label set may look like. Lengths are in UTF-8 bytes. */
export interface LabelLimits {
  readonly maxLabelsPerSeries: number;
  readonly maxMetricNameBytes: number;
  readonly maxLabelNameBytes: number;
  readonly maxLabelValueBytes: number;
}

export const DEFAULT_LABEL_LIMITS: LabelLimits = {
  maxLabelsPerSeries: 64,
  maxMetricNameBytes: MAX_METRIC_NAME_BYTES,
  maxLabelNameBytes: 1024,
  maxLabelValueBytes: 4096,
};
