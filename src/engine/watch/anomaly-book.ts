import type { EpochMs } from '../../kernel/clock.js';
import type { DetectorState, DetectorUpdate } from '../detection/detector.js';
import type { EndReason } from '../detection/end-reasons.js';
import { serviceOf } from './service-of.js';
import { readTrace } from './trace.js';
import type { WatchedAnomaly, WatchOptions } from './watch.types.js';
import type { WatchedSeries } from './watched-series.js';

/** The anomalies that are open, and what ended between two scrapes because its series did. */
export interface AnomalyBook {
  opened: number;
  pendingEnds: WatchedAnomaly[];
}

export function createBook(): AnomalyBook {
  return { opened: 0, pendingEnds: [] };
}

/** Makes anomalies of a detector's transitions. */
export function advanceBook<S extends DetectorState>(
  book: AnomalyBook,
  watched: WatchedSeries<S>,
  update: DetectorUpdate,
  time: EpochMs,
  options: WatchOptions<S>,
): { readonly opened: WatchedAnomaly[]; readonly ended: WatchedAnomaly[] } {
  const opened: WatchedAnomaly[] = [];
  const ended = book.pendingEnds;
  book.pendingEnds = [];
  for (const { index, event } of update.transitions) {
    if (event.kind === 'opened') {
      const anomaly = openAnomaly(book, watched, update, index, time, event.startedAt);
      anomaly.peak = event.peak;
      opened.push(anomaly);
    } else if (event.kind === 'peaked') {
      const anomaly = watched.open[index];
      if (anomaly) anomaly.peak = event.peak;
    } else if (event.kind === 'ended') {
      const anomaly = watched.open[index];
      if (!anomaly) continue;
      anomaly.peak = event.peak;
      anomaly.endedAt = event.endedAt;
      anomaly.endReason = 'calm';
      keepTrace(watched, index, time, options.stepMs);
      watched.open[index] = null;
      ended.push(anomaly);
    }
  }
  return { opened, ended };
}

/** The series of a row ended or fell silent, and nobody will see its anomaly end. */
export function endAnomaly<S>(
  book: AnomalyBook,
  watched: WatchedSeries<S>,
  row: number,
  time: EpochMs,
  stepMs: number,
  reason: EndReason,
): void {
  const anomaly = watched.open[row];
  if (!anomaly) return;
  anomaly.endedAt = time;
  anomaly.endReason = reason;
  keepTrace(watched, row, time - stepMs, stepMs);
  book.pendingEnds.push(anomaly);
  watched.open[row] = null;
}

/** Gives the anomaly of a row the points around it, as far as they are kept. */
export function keepTrace<S>(watched: WatchedSeries<S>, row: number, time: EpochMs, stepMs: number): void {
  const ring = watched.traces[row];
  const anomaly = watched.open[row];
  if (ring && anomaly) anomaly.trace = readTrace(ring, time, stepMs);
}

function openAnomaly<S>(
  book: AnomalyBook,
  watched: WatchedSeries<S>,
  update: DetectorUpdate,
  row: number,
  time: EpochMs,
  startedAt: EpochMs,
): WatchedAnomaly {
  const contributions: Record<string, number> = {};
  let channel = '';
  let highest = -Infinity;
  for (const [name, column] of Object.entries(update.contributions)) {
    const score = column[row]!;
    if (Number.isNaN(score)) continue;
    contributions[name] = score;
    if (score > highest) [channel, highest] = [name, score];
  }
  const { labels } = watched.series[row]!;
  book.opened += 1;
  const anomaly: WatchedAnomaly = {
    id: book.opened,
    labels,
    unit: watched.units[row]!,
    service: serviceOf(labels),
    startedAt,
    openedAt: time,
    endedAt: null,
    endReason: null,
    peak: {
      at: time,
      score: update.score[row]!,
      value: watched.values[row]!,
      yhat: update.yhat[row]!,
      yhatLower: update.yhatLower[row]!,
      yhatUpper: update.yhatUpper[row]!,
    },
    channel,
    contributions,
    trace: null,
  };
  watched.open[row] = anomaly;
  return anomaly;
}

/** The same for all anomalies that are open: when a watch ends before they do. */
export function keepOpenTraces<S>(watched: WatchedSeries<S>, time: EpochMs, stepMs: number): void {
  if (watched.traces.length === 0) return;
  for (let row = 0; row < watched.count; row += 1) if (watched.open[row]) keepTrace(watched, row, time, stepMs);
}
