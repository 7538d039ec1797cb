import type { EpochMs } from '../../kernel/clock.js';
import type { TrackerEvent, TrackerState } from './anomaly-tracker.js';
import type { TickGrid } from './resample.js';

/** A float32 tensor in row-major order, as ONNX graphs take and give them. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Runs a model's graph once. The service passes an ONNX session, rehearsals and tests may pass plain JavaScript. */
export type GraphRunner = (inputs: Readonly<Record<string, Tensor>>) => Promise<Readonly<Record<string, Tensor>>>;

/** Which side of the expectation counts. */
export type Direction = 'both' | 'above' | 'below';

/** What an operator, or feedback on past anomalies, may say about one series. */
export interface SeriesSettings {
  /** Default `both`. */
  readonly direction?: Direction;
  /** A value outside [lower, upper] scores above 1 whatever the history says; unset or infinite: no such rule. */
  readonly dataRange?: { readonly lower: number; readonly upper: number };
  /**
   * By channel name: its score is divided by this. Above 1 calms a channel that called normal things anomalies, below
   * 1 sharpens one that missed some. Feedback ends up here; 1 where a channel is not named. Greater than 0.
   */
  readonly channelFactors?: Readonly<Record<string, number>>;
  /** Deviations smaller than this, in the unit that is scored, never score above 1. Greater than 0. */
  readonly minimumDeviation: number;
  /** Deviations smaller than this share of the expected value never score above 1. 0 turns the rule off. */
  readonly minimumRelativeDeviation: number;
  /** Half-width of the band in robust standard deviations; greater is calmer. Greater than 0. */
  readonly sensitivity: number;
  /** No value can be below this, so the band is not drawn below it either; -Infinity (the default) where nothing is known. */
  readonly lowerBound?: number;
}

/** One point in time for many series; entry i of every column belongs to the same series. */
export interface DetectorBatch<State> {
  readonly time: EpochMs;
  /** Distance to the point before, the same for all points of a state; seasons are found by it. Default 15 s. */
  readonly stepMs?: number;
  /** 1 where a maintenance window or closed hours say so: scored, but no anomaly opens and nothing is learned. */
  readonly suppressed?: Uint8Array;
  readonly states: readonly State[];
  /** What was observed, in the unit that is scored (rates for counters); NaN where nothing was. */
  readonly values: Float64Array;
  readonly settings: readonly SeriesSettings[];
}

export interface DetectorTransition {
  /** Index into the batch. */
  readonly index: number;
  readonly event: TrackerEvent;
}

/** Columns over the batch. Numbers are NaN where a series was not scored: no value, or still learning. */
export interface DetectorUpdate {
  /** 0 and up; 1.0 is the boundary of the band. */
  readonly score: Float64Array;
  readonly yhat: Float64Array;
  readonly yhatLower: Float64Array;
  readonly yhatUpper: Float64Array;
  /** Score of each channel, by channel name: which way of looking found it, and by how much. */
  readonly contributions: Readonly<Record<string, Float64Array>>;
  /**
   * How notable each point is in its own series' history, 0 and up, where the detector says so: ranks moments, and is
   * not calibrated to a rate of alarms. A series stands out by its first new point only, not for as long as it lasts.
   */
  readonly surprise?: Float64Array;
  /** Points a series still lacks before it is scored; 0 once it has enough. */
  readonly missingPoints: Uint32Array;
  /** Anomalies that opened or ended, and candidates that came or went, at this point. */
  readonly transitions: readonly DetectorTransition[];
}

/** An anomaly of the past, as far as a baseline must know it. */
export interface PastStretch {
  readonly startedAt: EpochMs;
  /** Exclusive. */
  readonly endedAt: EpochMs;
  readonly peakValue: number;
  readonly adopted: boolean;
}

/** Points of one series that were scored before, with what came of them. */
export interface DetectorHistory {
  readonly grid: TickGrid;
  /** One per tick; NaN where nothing was observed. */
  readonly values: Float64Array;
  /** Ended anomalies that touch the grid, ascending. */
  readonly stretches: readonly PastStretch[];
  /** Where the tracker stood after the last tick: an open anomaly or candidate is in here. */
  readonly tracker: TrackerState;
}

/** What a detector has learned of a series, for people. */
export interface SeriesDescription {
  readonly channels: readonly {
    readonly name: string;
    readonly active: boolean;
    /** Why it is used or not, with the figure: `no season yet: 1.2 of 2 cycles seen`. */
    readonly reason: string;
  }[];
  /** Points with a value that it has learned from. */
  readonly points: number;
}

export interface DetectorState {
  /** Raised when the shape changes; `restore` refuses others. */
  readonly version: number;
  readonly tracker: TrackerState;
}

/**
 * A causal detector over batches of series. `update` advances every state by one point, in event time; it never
 * looks ahead and depends on nothing but its arguments, so that the same samples give the same anomalies.
 */
export interface Detector<State extends DetectorState = DetectorState> {
  readonly id: string;
  readonly version: string;
  readonly channels: readonly string[];
  createState(): State;
  /** What was learned of the series so far, and which channels look at it for which reason. */
  describe?(state: State): SeriesDescription;
  update(batch: DetectorBatch<State>, run: GraphRunner): Promise<DetectorUpdate>;
  /** The series fell silent: what was suspected or open is over, and nobody saw it end. */
  interrupt(state: State): void;
  /**
   * A snapshot; a few kilobytes at most. What happened after it is caught up by running `update` on the stored samples
   * again and dropping the outcome: `update` is deterministic, so this gives the state that was lost.
   */
  serialise(state: State): Uint8Array;
  /** Throws `UnknownStateVersionError` on a state written by another version. */
  restore(bytes: Uint8Array): State;
}

export class UnknownStateVersionError extends Error {
  constructor(detector: string, version: unknown) {
    super(`${detector} cannot read a state of version ${String(version)}; rebuild it from history`);
    this.name = 'UnknownStateVersionError';
  }
}
