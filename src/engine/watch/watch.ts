import type { DetectorState, DetectorUpdate, GraphRunner } from '../detection/detector.js';
import { advanceBook, createBook, endAnomaly, type AnomalyBook } from './anomaly-book.js';
import { advancePages, createPages, type PageBook } from './page-book.js';
import { readFrame } from './read-frame.js';
import { writeTrace } from './trace.js';
import type { WatchEvents, WatchFrame, WatchOptions } from './watch.types.js';
import { addSeries, createWatchedSeries, fitSlots, removeRow, type WatchedSeries } from './watched-series.js';

/** A detector that watches scrapes as they come: the same course from sample to page as in the service. */
export interface Watch<S extends DetectorState = DetectorState> {
  readonly options: WatchOptions<S>;
  readonly watched: WatchedSeries<S>;
  readonly book: AnomalyBook;
  readonly pages: PageBook;
  /** Scrapes so far. */
  scrapes: number;
  /** Sum over scrapes of the series that were watched. */
  seriesScrapes: number;
}

export function createWatch<S extends DetectorState>(options: WatchOptions<S>): Watch<S> {
  return {
    options,
    watched: createWatchedSeries(),
    book: createBook(),
    pages: createPages(),
    scrapes: 0,
    seriesScrapes: 0,
  };
}

/**
 * Takes one scrape: selection, rates, scores, anomalies, groups. Causal, in event time; scrapes come in order. The
 * frame is read before this returns its promise, so that a simulation may reuse it at once.
 */
export function watchScrape<S extends DetectorState>(
  watch: Watch<S>,
  frame: WatchFrame,
  run: GraphRunner,
): Promise<WatchEvents> {
  const { watched, options, book } = watch;
  fitSlots(watched, frame);
  if (watch.scrapes === 0) {
    frame.series.forEach((series, slot) => series !== null && addSeries(watched, options, series, slot));
  } else {
    for (const slot of frame.ended) endSlot(watch, slot, frame.time);
    for (const slot of frame.started) {
      const series = frame.series[slot];
      if (series && watched.rowOfSlot[slot]! < 0) addSeries(watched, options, series, slot);
    }
  }
  watch.scrapes += 1;
  watch.seriesScrapes += watched.count;
  readFrame(watched, frame, options.stepMs);
  const { states, settings, count } = watched;
  const values = watched.values.subarray(0, count);
  const time = frame.time;
  return options.detector.update({ time, stepMs: options.stepMs, states, values, settings }, run).then((update) => {
    if (watched.traces.length > 0) trace(watched, update);
    const { opened, ended } = advanceBook(book, watched, update, time, options);
    const groups = advancePages(watch.pages, opened, time);
    return { time, opened, ended, groupsOpened: groups.opened, groupsEnded: groups.ended };
  });
}

function endSlot<S extends DetectorState>({ watched, options, book }: Watch<S>, slot: number, time: number): void {
  const row = watched.rowOfSlot[slot] ?? -1;
  if (row < 0) return;
  options.detector.interrupt(watched.states[row]!);
  endAnomaly(book, watched, row, time, options.stepMs);
  removeRow(watched, row);
}

function trace<S>({ traces, values, count }: WatchedSeries<S>, update: DetectorUpdate): void {
  const { score, yhatLower, yhatUpper } = update;
  for (let row = 0; row < count; row += 1)
    writeTrace(traces[row]!, values[row]!, yhatLower[row]!, yhatUpper[row]!, score[row]!);
}
