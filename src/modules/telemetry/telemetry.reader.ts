import type { Page } from '../../kernel/page.js';
import type { SeriesSelector } from '../../kernel/series-selector.js';
import type { Labels, MetricType, SampleWindow, TimeRange } from '../../kernel/time-series.js';

export interface Series {
  /** Unique over all environments; fits 31 bits. */
  readonly id: number;
  readonly environmentId: string;
  readonly labels: Labels;
  readonly metricType: MetricType;
  /** Set on series we computed (`anomaly_score`, `yhat`, ...): the series they were computed from. */
  readonly derivedFrom: number | null;
  readonly createdAt: Date;
  /** When the source said, with a stale marker, that the series ended; null while it lives. */
  readonly endedAt: Date | null;
}

export interface SeriesQuery {
  /** Series that match any of these; all series where empty. */
  readonly selectors: readonly SeriesSelector[];
  /** Computed series are left out unless asked for. */
  readonly includeDerived?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

export interface LatestSample {
  readonly series: Series;
  /** Epoch milliseconds; null where the lookback holds no sample. */
  readonly time: number | null;
  readonly value: number | null;
}

/** The read model of stored telemetry. Values are as received: counters are not turned into rates. */
export abstract class TelemetryReader {
  abstract findSeries(environmentId: string, query: SeriesQuery): Promise<Page<Series>>;
  abstract seriesByIds(environmentId: string, ids: readonly number[]): Promise<readonly Series[]>;
  /** Computed series of these sources, e.g. `derivedSeries(env, [12], 'yhat')`. */
  abstract derivedSeries(
    environmentId: string,
    sourceIds: readonly number[],
    metric: string,
  ): Promise<readonly Series[]>;
  /**
   * Every stored sample with from <= time < to, by series id, ascending, one per millisecond (the last one written
   * wins). Series without a sample are absent from the map. Reads what was acknowledged, packed or not.
   */
  abstract readSamples(
    environmentId: string,
    seriesIds: readonly number[],
    range: TimeRange,
  ): Promise<ReadonlyMap<number, SampleWindow>>;
  /** The newest sample of each series within the lookback (default five minutes, as in Prometheus). */
  abstract latest(environmentId: string, query: SeriesQuery, lookbackMs?: number): Promise<Page<LatestSample>>;
  /** Time of the newest sample of the environment, null where it never had one. */
  abstract lastSampleAt(environmentId: string): Promise<Date | null>;
  abstract countSeries(environmentId: string): Promise<number>;
}
