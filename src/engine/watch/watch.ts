import type { DetectorState, DetectorUpdate, GraphRunner } from '../detection/detector.js';
import { ServiceSignals } from '../detection/service/service-signals.js';
import { advanceBook, createBook, endAnomaly, type AnomalyBook } from './anomaly-book.js';
import { createFrameValues, endSlot, readFrame, startSlot, type FrameValues } from './frame-values.js';
import { DEFAULT_SILENCE_RULES } from '../detection/silence/silence-rules.js';
import { advancePages, createPages, noteSeries, type PageBook } from './page-book.js';
import { compileRules, resolveWatched, type WatchRules } from './resolve-watched.js';
import { writeTrace } from './trace.js';
import { advanceWatchedSilence, createWatchedSilence, likeOfSeries, type WatchedSilence } from './watched-silence.js';
import type { WatchEvents, WatchFrame, WatchOptions } from './watch.types.js';
import {
  addSeries,
  createWatchedSeries,
  fillValues,
  keyOfSignal,
  keyOfSlot,
  removeRow,
  rowOf,
  suppressedRows,
  type WatchedSeries,
} from './watched-series.js';
import { isStale, noteValue } from '../detection/silence/row-rhythm.js';
import { scoredUnit } from '../detection/series-unit.js';

/** A detector that watches scrapes as they come: the same course from sample to page as in the service. */
export interface Watch<S extends DetectorState = DetectorState> {
  readonly options: WatchOptions<S>;
  readonly rules: WatchRules;
  readonly frameValues: FrameValues;
  /** Null: series are watched one by one only. */
  readonly signals: ServiceSignals | null;
  readonly watched: WatchedSeries<S>;
  /** Null: nobody is told of silence. */
  readonly silence: WatchedSilence | null;
  readonly book: AnomalyBook;
  readonly pages: PageBook;
  /** Scrapes so far. */
  scrapes: number;
}

export function createWatch<S extends DetectorState>(options: WatchOptions<S>): Watch<S> {
  const { serviceSignals = true, stepMs, silence = DEFAULT_SILENCE_RULES } = options;
  return {
    options,
    rules: compileRules(options),
    frameValues: createFrameValues(),
    signals: serviceSignals ? new ServiceSignals({ stepSeconds: stepMs / 1000 }) : null,
    watched: createWatchedSeries(),
    silence: silence && createWatchedSilence(silence),
    book: createBook(),
    pages: createPages(),
    scrapes: 0,
  };
}

const NO_SIGNALS = new Float64Array(0);

/**
 * Takes one scrape: selection, rates, signals of services, scores, anomalies, groups. Causal, in event time; scrapes
 * come in order, the next one when this one is done.
 */
export async function watchScrape<S extends DetectorState>(
  watch: Watch<S>,
  frame: WatchFrame,
  run: GraphRunner,
): Promise<WatchEvents> {
  const { watched, options, book, frameValues, signals } = watch;
  takeSeries(watch, frame);
  readFrame(frameValues, frame, options.stepMs);
  fillValues(watched, frameValues.values, signals?.evaluate(frameValues.values) ?? NO_SIGNALS);
  watch.scrapes += 1;
  const { states, settings, count } = watched;
  const values = watched.values.subarray(0, count);
  const { time } = frame;
  const suppressed = suppressedRows(watched, time);
  const batch = { time, stepMs: options.stepMs, states, values, settings, ...(suppressed && { suppressed }) };
  const update = await options.detector.update(batch, run);
  if (watched.traces.length > 0) trace(watched, update);
  const { opened, ended } = advanceBook(book, watched, update, time, options);
  endStale(watch, time);
  const silence = watch.silence && advanceWatchedSilence(watch.silence, watch, time);
  opened.push(...(silence?.opened ?? []));
  ended.push(...book.pendingEnds, ...(silence?.ended ?? []));
  book.pendingEnds = [];
  const groups = advancePages(watch.pages, opened, ended, time);
  return { time, opened, ended, groupsOpened: groups.opened, groupsEnded: groups.ended };
}

/** Takes up what began and lets go of what ended: scraped series first, then the signals that are made of them. */
function takeSeries<S extends DetectorState>(watch: Watch<S>, frame: WatchFrame): void {
  const { frameValues, signals, watched, options } = watch;
  const started =
    watch.scrapes > 0 ? frame.started : frame.series.flatMap((series, slot) => (series === null ? [] : [slot]));
  if (watch.scrapes > 0) {
    for (const slot of frame.ended) {
      endRow(watch, keyOfSlot(slot), frame.time);
      endSlot(frameValues, slot);
      signals?.remove(slot);
    }
  }
  for (const slot of started) {
    const series = frame.series[slot];
    if (!series || options.include?.(series) === false) continue;
    startSlot(frameValues, frame, slot);
    signals?.add(slot, series);
    noteSeries(watch.pages, series.labels);
  }
  if (signals !== null) takeSignals(watch, signals, frame.time);
  for (const slot of started) {
    const series = frame.series[slot];
    if (!series || rowOf(watched, keyOfSlot(slot)) >= 0 || signals?.isCovered(slot) === true) continue;
    const unit = scoredUnit(series.labels, series.metricType);
    const resolved = resolveWatched(watch.rules, options, series, unit);
    if (resolved.excluded !== null) continue;
    addSeries(watched, options, series, unit, keyOfSlot(slot), resolved, likeOfSeries(watch.silence, series));
  }
}

function takeSignals<S extends DetectorState>(watch: Watch<S>, signals: ServiceSignals, time: number): void {
  const { started, ended } = signals.takeChanges();
  for (const index of ended) endRow(watch, keyOfSignal(index), time);
  for (const index of started) {
    const signal = signals.signals[index];
    if (signal?.recorded !== true || rowOf(watch.watched, keyOfSignal(index)) >= 0) continue;
    const resolved = resolveWatched(watch.rules, watch.options, signal, 'raw');
    if (resolved.excluded !== null) continue;
    const like = likeOfSeries(watch.silence, signal);
    addSeries(watch.watched, watch.options, signal, 'raw', keyOfSignal(index), resolved, like);
  }
}

function endRow<S extends DetectorState>({ watched, options, book }: Watch<S>, key: number, time: number): void {
  const row = rowOf(watched, key);
  if (row < 0) return;
  options.detector.interrupt(watched.states[row]!);
  endAnomaly(book, watched, row, time, options.stepMs, 'series-ended');
  removeRow(watched, row);
}

/** What a series that stopped sending had open is over, as in the service: nobody will see it end. */
function endStale<S extends DetectorState>({ watched, options, book }: Watch<S>, time: number): void {
  const { values, states, count } = watched;
  const { stepMs, detector } = options;
  for (let row = 0; row < count; row += 1) {
    if (!Number.isNaN(values[row]!)) {
      noteValue(watched, row, time, stepMs);
      continue;
    }
    const state = states[row]!;
    if (state.tracker.phase === 'calm' || !isStale(watched, row, time, stepMs)) continue;
    endAnomaly(book, watched, row, time, stepMs, 'stale');
    detector.interrupt(state);
  }
}

function trace<S>({ traces, values, count }: WatchedSeries<S>, update: DetectorUpdate): void {
  const { score, yhatLower, yhatUpper } = update;
  for (let row = 0; row < count; row += 1)
    writeTrace(traces[row]!, values[row]!, yhatLower[row]!, yhatUpper[row]!, score[row]!);
}
