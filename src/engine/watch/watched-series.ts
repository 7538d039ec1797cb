import type { EpochMs } from '../../kernel/clock.js';
import type { DetectorState, SeriesSettings } from '../detection/detector.js';
import type { ScoredUnit } from '../detection/series-unit.js';
import type { ResolvedSeries, Suppression } from '../detection/settings/detection-settings.types.js';
import { createTraceRing, type TraceRing } from './trace.js';
import type { WatchableSeries, WatchedAnomaly, WatchOptions } from './watch.types.js';

/**
 * The series under watch, in rows without holes, as a detector's batch wants them. The last row moves to where one
 * ended. A series is found by its key: that of a scraped one is twice its slot, that of a signal of a service twice its
 * index, plus one.
 */
export interface WatchedSeries<S> {
  count: number;
  readonly series: WatchableSeries[];
  readonly keys: number[];
  readonly units: ScoredUnit[];
  readonly states: S[];
  readonly settings: SeriesSettings[];
  /** Null: it is never suppressed. */
  readonly suppressions: (Suppression | null)[];
  /** Some series was suppressible at some time. */
  suppressible: boolean;
  readonly open: (WatchedAnomaly | null)[];
  readonly traces: TraceRing[];
  /** Counts up, so that the newest of some series is the one with the highest. */
  readonly ids: number[];
  taken: number;
  /** Index of those that stand for it when it leaves; -1 where nobody waits for its next sample. */
  readonly likes: number[];
  /** What is scored at this tick. */
  values: Float64Array;
  /** Time of the newest value and smoothed distance of values in milliseconds, by row; NaN and 0 while unknown. */
  valuedAt: Float64Array;
  intervals: Float64Array;
  /** Row by key, or -1. */
  rowOfKey: Int32Array;
}

export const keyOfSlot = (slot: number): number => 2 * slot;
export const keyOfSignal = (index: number): number => 2 * index + 1;

export function createWatchedSeries<S>(): WatchedSeries<S> {
  return {
    count: 0,
    series: [],
    keys: [],
    units: [],
    states: [],
    settings: [],
    suppressions: [],
    suppressible: false,
    open: [],
    traces: [],
    ids: [],
    taken: 0,
    likes: [],
    values: new Float64Array(0),
    valuedAt: new Float64Array(0),
    intervals: new Float64Array(0),
    rowOfKey: new Int32Array(0),
  };
}

/** Takes a series up. */
export function addSeries<S extends DetectorState>(
  watched: WatchedSeries<S>,
  options: WatchOptions<S>,
  series: WatchableSeries,
  unit: ScoredUnit,
  key: number,
  { settings, suppression }: Pick<ResolvedSeries, 'settings' | 'suppression'>,
  like: number,
): void {
  const { tracePoints = 0 } = options;
  const row = watched.count;
  fitKeys(watched, key + 1);
  if (row === watched.values.length) {
    const size = Math.max(256, 2 * row);
    watched.values = new Float64Array(size);
    watched.valuedAt = grown(watched.valuedAt, size);
    watched.intervals = grown(watched.intervals, size);
  }
  watched.series[row] = series;
  watched.keys[row] = key;
  watched.units[row] = unit;
  watched.states[row] = options.detector.createState();
  watched.settings[row] = settings;
  watched.suppressions[row] = suppression;
  if (suppression !== null) watched.suppressible = true;
  watched.open[row] = null;
  watched.taken += 1;
  watched.ids[row] = watched.taken;
  watched.likes[row] = like;
  watched.valuedAt[row] = NaN;
  watched.intervals[row] = 0;
  if (tracePoints > 0) watched.traces[row] = createTraceRing(tracePoints);
  watched.rowOfKey[key] = row;
  watched.count += 1;
}

export function rowOf<S>({ rowOfKey }: WatchedSeries<S>, key: number): number {
  return key < rowOfKey.length ? rowOfKey[key]! : -1;
}

/** Ends the series of a row; the last one takes its place. */
export function removeRow<S>(watched: WatchedSeries<S>, row: number): void {
  const last = watched.count - 1;
  watched.rowOfKey[watched.keys[row]!] = -1;
  if (row !== last) watched.rowOfKey[watched.keys[last]!] = row;
  const { series, keys, units, states, settings, suppressions, open, traces, ids, likes, valuedAt, intervals } =
    watched;
  valuedAt[row] = valuedAt[last]!;
  intervals[row] = intervals[last]!;
  const columns = [series, keys, units, states, settings, suppressions, open, traces, ids, likes] as unknown[][];
  for (const column of columns) {
    if (column.length === 0) continue;
    column[row] = column[last];
    column.length = last;
  }
  watched.count = last;
}

/** Values of this tick by row: of scraped series, and of signals. */
export function fillValues<S>(watched: WatchedSeries<S>, scraped: Float64Array, signals: Float64Array): void {
  const { count, keys, values } = watched;
  for (let row = 0; row < count; row += 1) {
    const key = keys[row]!;
    values[row] = (key & 1) === 0 ? scraped[key >> 1]! : signals[key >> 1]!;
  }
}

function grown(column: Float64Array, size: number): Float64Array {
  const larger = new Float64Array(size);
  larger.set(column);
  return larger;
}

function fitKeys<S>(watched: WatchedSeries<S>, length: number): void {
  if (watched.rowOfKey.length >= length) return;
  const grown = new Int32Array(Math.max(length, 2 * watched.rowOfKey.length, 512)).fill(-1);
  grown.set(watched.rowOfKey);
  watched.rowOfKey = grown;
}

/** 1 by row where a maintenance window or closed hours say so; undefined where nothing is ever suppressed. */
export function suppressedRows<S>(
  { suppressible, suppressions, count }: WatchedSeries<S>,
  time: EpochMs,
): Uint8Array | undefined {
  if (!suppressible) return undefined;
  return Uint8Array.from({ length: count }, (_, row) => Number((suppressions[row]?.reasonAt(time) ?? null) !== null));
}
