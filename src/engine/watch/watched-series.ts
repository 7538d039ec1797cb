import type { DetectorState, SeriesSettings } from '../detection/detector.js';
import { exclusionReason } from '../detection/series-selection.js';
import { scoredUnit, type ScoredUnit } from '../detection/series-unit.js';
import { defaultSettings } from './default-settings.js';
import { createTraceRing, type TraceRing } from './trace.js';
import type { WatchableSeries, WatchedAnomaly, WatchFrame, WatchOptions } from './watch.types.js';

/**
 * The series under watch, in rows without holes, as a detector's batch wants them. The last row moves to where one
 * ended.
 */
export interface WatchedSeries<S> {
  count: number;
  readonly series: WatchableSeries[];
  readonly slots: number[];
  readonly units: ScoredUnit[];
  readonly states: S[];
  readonly settings: SeriesSettings[];
  readonly open: (WatchedAnomaly | null)[];
  readonly traces: TraceRing[];
  /** Value and time of the last sample: a rate needs both. NaN: none yet. */
  lastValue: Float64Array;
  lastTime: Float64Array;
  /** What is scored at this tick. */
  values: Float64Array;
  /** Row by slot of the frame, or -1. */
  rowOfSlot: Int32Array;
}

export function createWatchedSeries<S>(): WatchedSeries<S> {
  return {
    count: 0,
    series: [],
    slots: [],
    units: [],
    states: [],
    settings: [],
    open: [],
    traces: [],
    lastValue: new Float64Array(0),
    lastTime: new Float64Array(0),
    values: new Float64Array(0),
    rowOfSlot: new Int32Array(0),
  };
}

/** Takes a series up, unless a rule leaves it out. */
export function addSeries<S extends DetectorState>(
  watched: WatchedSeries<S>,
  options: WatchOptions<S>,
  series: WatchableSeries,
  slot: number,
): void {
  const { exclusions, include, settingsOf = defaultSettings, tracePoints = 0 } = options;
  const selectable = { labels: series.labels, metricType: series.metricType, derivedFrom: null };
  if (exclusionReason(selectable, exclusions) !== null || include?.(series) === false) return;
  const row = watched.count;
  if (row === watched.values.length) growRows(watched);
  const unit = scoredUnit(series.labels, series.metricType);
  watched.series[row] = series;
  watched.slots[row] = slot;
  watched.units[row] = unit;
  watched.states[row] = options.detector.createState();
  watched.settings[row] = settingsOf(series, unit);
  watched.open[row] = null;
  if (tracePoints > 0) watched.traces[row] = createTraceRing(tracePoints);
  watched.lastValue[row] = NaN;
  watched.lastTime[row] = NaN;
  watched.rowOfSlot[slot] = row;
  watched.count += 1;
}

/** Ends the series of a row; the last one takes its place. */
export function removeRow<S>(watched: WatchedSeries<S>, row: number): void {
  const last = watched.count - 1;
  watched.rowOfSlot[watched.slots[row]!] = -1;
  if (row !== last) {
    const columns = [watched.series, watched.slots, watched.units, watched.states, watched.settings, watched.open];
    for (const column of columns as unknown[][]) column[row] = column[last];
    if (watched.traces.length > 0) watched.traces[row] = watched.traces[last]!;
    watched.lastValue[row] = watched.lastValue[last]!;
    watched.lastTime[row] = watched.lastTime[last]!;
    watched.rowOfSlot[watched.slots[row]!] = row;
  }
  for (const column of [watched.series, watched.slots, watched.units, watched.states, watched.settings, watched.open])
    column.length = last;
  if (watched.traces.length > last) watched.traces.length = last;
  watched.count = last;
}

/** Room for the slots of a frame. */
export function fitSlots<S>(watched: WatchedSeries<S>, { series }: WatchFrame): void {
  if (watched.rowOfSlot.length >= series.length) return;
  const grown = new Int32Array(Math.max(series.length, 2 * watched.rowOfSlot.length)).fill(-1);
  grown.set(watched.rowOfSlot);
  watched.rowOfSlot = grown;
}

function growRows<S>(watched: WatchedSeries<S>): void {
  const size = Math.max(256, 2 * watched.values.length);
  const grow = (column: Float64Array) => {
    const grown = new Float64Array(size).fill(NaN);
    grown.set(column);
    return grown;
  };
  watched.lastValue = grow(watched.lastValue);
  watched.lastTime = grow(watched.lastTime);
  watched.values = grow(watched.values);
}
