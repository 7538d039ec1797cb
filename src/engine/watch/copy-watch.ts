import type { Detector, DetectorState } from '../detection/detector.js';
import { deepCopy } from './deep-copy.js';
import { copyFrameValues } from './frame-values.js';
import { copyPages } from './page-book.js';
import type { Watch } from './watch.js';
import { copySilence } from './watched-silence.js';
import type { WatchedAnomaly } from './watch.types.js';
import type { WatchedSeries } from './watched-series.js';

/**
 * A watch that goes on from the same point without touching this one, so that one history can have many futures. Traces
 * are copied too.
 */
export function copyWatch<S extends DetectorState>(watch: Watch<S>): Watch<S> {
  const copied = new Map<object, object>();
  const open = [...watch.watched.open, ...(watch.silence?.open ?? [])];
  for (const anomaly of open) if (anomaly) copied.set(anomaly, { ...anomaly });
  return {
    ...watch,
    frameValues: copyFrameValues(watch.frameValues),
    signals: deepCopy(watch.signals),
    watched: copySeries(watch.watched, watch.options.detector, copied),
    silence: watch.silence && copySilence(watch.silence, copied),
    book: { ...watch.book, pendingEnds: [...watch.book.pendingEnds] },
    pages: copyPages(watch.pages, copied),
  };
}

function copySeries<S extends DetectorState>(
  watched: WatchedSeries<S>,
  detector: Detector<S>,
  copied: ReadonlyMap<object, object>,
): WatchedSeries<S> {
  return {
    count: watched.count,
    series: [...watched.series],
    keys: [...watched.keys],
    units: [...watched.units],
    states: watched.states.map((state) => detector.restore(detector.serialise(state))),
    settings: [...watched.settings],
    suppressions: [...watched.suppressions],
    suppressible: watched.suppressible,
    open: watched.open.map((anomaly) => anomaly && (copied.get(anomaly) as WatchedAnomaly)),
    traces: watched.traces.map(({ ring, written }) => ({ ring: ring.slice(), written })),
    ids: [...watched.ids],
    taken: watched.taken,
    likes: [...watched.likes],
    values: watched.values.slice(),
    valuedAt: watched.valuedAt.slice(),
    intervals: watched.intervals.slice(),
    rowOfKey: watched.rowOfKey.slice(),
  };
}
