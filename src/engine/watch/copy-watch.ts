import type { Detector, DetectorState } from '../detection/detector.js';
import type { Watch } from './watch.js';
import type { WatchedSeries } from './watched-series.js';

/**
 * A watch that goes on from the same point without touching this one, so that one history can have many futures. Traces
 * are copied too.
 */
export function copyWatch<S extends DetectorState>(watch: Watch<S>): Watch<S> {
  return {
    ...watch,
    watched: copySeries(watch.watched, watch.options.detector),
    book: { ...watch.book, pendingEnds: [...watch.book.pendingEnds] },
  };
}

function copySeries<S extends DetectorState>(watched: WatchedSeries<S>, detector: Detector<S>): WatchedSeries<S> {
  return {
    count: watched.count,
    series: [...watched.series],
    slots: [...watched.slots],
    units: [...watched.units],
    states: watched.states.map((state) => detector.restore(detector.serialise(state))),
    settings: [...watched.settings],
    open: watched.open.map((anomaly) => anomaly && { ...anomaly }),
    traces: watched.traces.map(({ ring, written }) => ({ ring: ring.slice(), written })),
    lastValue: watched.lastValue.slice(),
    lastTime: watched.lastTime.slice(),
    values: watched.values.slice(),
    rowOfSlot: watched.rowOfSlot.slice(),
  };
}
