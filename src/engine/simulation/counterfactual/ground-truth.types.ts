import type { Labels } from '../../../kernel/time-series.js';
import type { Simulation } from '../simulation.types.js';
import type { SeriesDescriptor } from '../telemetry/telemetry.types.js';

/** A series that a fault changed: in the run it went another way than in the same run without that fault. */
export interface TouchedSeries {
  /** Metric name included, as `__name__`. */
  readonly labels: Labels;
  readonly family: string;
  /** Seconds since the start of the run: the first scrape that differed. */
  readonly at: number;
  /** Increase per second of a counter, the value of anything else. Null: no such series, or no sample. */
  readonly value: number | null;
  /** The same without the fault. */
  readonly without: number | null;
  readonly measure: 'value' | 'rate';
}

/** What one fault touched, in order of time; of one scrape the strongest first. */
export interface FaultTruth {
  readonly name: string;
  /** Seconds for which the run was compared with itself without the fault. */
  followed: number;
  readonly touched: TouchedSeries[];
  /** Why it was not followed; null: it was. */
  readonly reason: string | null;
}

/** Plain data, as the state of a run is. */
export interface GroundTruth {
  /** In the order in which the faults began. */
  readonly faults: FaultTruth[];
  following: Follower[];
  /** The run as of its last scrape. */
  readonly run: ScrapedSeries;
}

/** The run without one fault, beside the run. */
export interface Follower {
  readonly truth: FaultTruth;
  /** Step at which the fault begins. */
  readonly from: number;
  /** Step after which nothing new is looked for. */
  readonly until: number;
  readonly twin: Simulation;
  readonly ofRun: PairedSeries;
  readonly ofTwin: PairedSeries;
  /** What the twin scraped in this step, until the run has scraped too (twice in the first step). */
  readonly frames: FrameCopy[];
  readonly deviations: Deviations;
}

/** By slot of a frame. */
export interface ScrapedSeries {
  series: (SeriesDescriptor | null)[];
  /** Of the last scrape; NaN: none. */
  values: Float64Array;
}

export interface PairedSeries extends ScrapedSeries {
  /** Slot that shows the same series on the other side, or -1. */
  partner: Int32Array;
  /** Series that only this side has: slots by their text form. */
  readonly alone: Map<string, number>;
}

export interface FrameCopy {
  readonly ended: readonly number[];
  readonly started: readonly { readonly slot: number; readonly series: SeriesDescriptor }[];
  readonly values: Float64Array;
}

/** By slot of the run. */
export interface Deviations {
  /** Moving mean of the amount by which the series of the twin changes from scrape to scrape; NaN: not known yet. */
  variation: Float64Array;
  /** What the twin showed last; NaN: nothing yet. */
  last: Float64Array;
  /** Scrapes in a row that deviated, since which second, and what the first of them showed. */
  streak: Uint8Array;
  since: Float64Array;
  firstValue: Float64Array;
  firstWithout: Float64Array;
  /** 1: noted already. */
  noted: Uint8Array;
  /** By slot of the twin: 1: it was noted that the run has no such series. */
  notedGone: Uint8Array;
}
