import type { EpochMs } from '../../kernel/clock.js';
import type { Labels, MetricType } from '../../kernel/time-series.js';
import type { ScoredPoint } from '../detection/anomaly-tracker.js';
import type { Detector, DetectorState, SeriesSettings } from '../detection/detector.js';
import type { EndReason } from '../detection/end-reasons.js';
import type { ExclusionRule } from '../detection/series-selection.js';
import type { DetectionSettings } from '../detection/settings/detection-settings.types.js';
import type { ScoredUnit } from '../detection/series-unit.js';
import type { SilenceRules } from '../detection/silence/silence-rules.js';
import type { Trace } from './trace.js';

/** What names a series, whoever scraped it. */
export interface WatchableSeries {
  /** Metric name included, as `__name__`. */
  readonly labels: Labels;
  readonly metricType: MetricType;
}

/** One scrape of everything; `ScrapeFrame` of the simulation is one. */
export interface WatchFrame {
  readonly time: EpochMs;
  /** By slot; null: free. */
  readonly series: readonly (WatchableSeries | null)[];
  /** Slots whose series ended since the last frame. They may be given to others in the same frame. */
  readonly ended: readonly number[];
  /** Slots given to new series since the last frame. */
  readonly started: readonly number[];
  /** By slot; NaN: no sample in this scrape. */
  readonly values: Float64Array;
}

export interface WatchOptions<S extends DetectorState> {
  readonly detector: Detector<S>;
  /** Milliseconds between two scrapes. */
  readonly stepMs: number;
  /** Series that are not watched, beside the built-in ones. */
  readonly exclusions?: readonly ExclusionRule[];
  /** Only series for which this is true are watched; for samples of large fleets. */
  readonly include?: (series: WatchableSeries) => boolean;
  /** What holds where the knobs say nothing; default: `defaultSettings`. */
  readonly settingsOf?: (series: WatchableSeries, unit: ScoredUnit) => SeriesSettings;
  /** Settings per label matcher, maintenance windows and exclusions, as operators save them; default: none. */
  readonly knobs?: DetectionSettings;
  /** Whether series of pods are also watched as signals of their service, which then stand for them; default true. */
  readonly serviceSignals?: boolean;
  /** When the silence of the last of its like is an anomaly; default: as shipped. Null: never. */
  readonly silence?: SilenceRules | null;
  /** Points that are kept of each series for drawings; default 0: none. Twenty bytes each. */
  readonly tracePoints?: number;
}

export interface WatchedAnomaly {
  /** Counts up from 1 in the order in which they opened. */
  readonly id: number;
  readonly labels: Labels;
  readonly unit: ScoredUnit;
  /** What the series is about; null: nothing that can be named. */
  readonly service: string | null;
  /** First point above the boundary. */
  readonly startedAt: EpochMs;
  /** The point at which it was known: when a page would go out. */
  readonly openedAt: EpochMs;
  endedAt: EpochMs | null;
  /** Null while it lasts. */
  endReason: EndReason | null;
  /** Values are NaN where it is a silence. */
  peak: ScoredPoint;
  /** Channel with the highest score when it opened. */
  readonly channel: string;
  /** Score of each channel when it opened. */
  readonly contributions: Readonly<Record<string, number>>;
  /** The series around it, where traces are kept. */
  trace: Trace | null;
}

/** Anomalies of one cause: one page. */
export interface WatchedGroup {
  readonly id: string;
  readonly openedAt: EpochMs;
  endedAt: EpochMs | null;
  readonly anomalies: WatchedAnomaly[];
}

/** What one scrape brought. */
export interface WatchEvents {
  readonly time: EpochMs;
  readonly opened: readonly WatchedAnomaly[];
  readonly ended: readonly WatchedAnomaly[];
  readonly groupsOpened: readonly WatchedGroup[];
  readonly groupsEnded: readonly WatchedGroup[];
}
