import { minimumDeviation } from '../../../src/engine/detection/minimum-deviation.js';
import { exclusionReason } from '../../../src/engine/detection/series-selection.js';
import { scoredUnit } from '../../../src/engine/detection/series-unit.js';
import type { ScrapeFrame } from '../../../src/engine/simulation/telemetry/telemetry.types.js';

/** One series over the ticks of a run, in the unit that is scored; NaN where it was not there. */
export interface Column {
  readonly minimumDeviation: number;
  readonly values: Float64Array;
}

interface Slot {
  readonly key: string;
  readonly column: Column;
  readonly counter: boolean;
  last: number;
}

export interface Recorder {
  readonly columns: ReadonlyMap<string, Column>;
  readonly record: (frame: ScrapeFrame) => void;
  /** Newest sample of each series, for a recorder that goes on from here. */
  readonly newest: () => ReadonlyMap<string, number>;
}

/** Collects what detectors would score: one tick a scrape, counters as rates, resets as a start from zero. */
export function createRecorder(ticks: number, stepSeconds: number, before?: ReadonlyMap<string, number>): Recorder {
  const columns = new Map<string, Column>();
  const slots: (Slot | null | undefined)[] = [];
  let tick = 0;

  function openSlot(frame: ScrapeFrame, index: number): Slot | null {
    const series = frame.series[index];
    if (!series || exclusionReason({ ...series, derivedFrom: null }) !== null) return null;
    const key = JSON.stringify(series.labels);
    const unit = scoredUnit(series.labels, series.metricType);
    let column = columns.get(key);
    if (!column) {
      const least = minimumDeviation(series.labels, unit);
      column = { minimumDeviation: least, values: new Float64Array(ticks).fill(NaN) };
      columns.set(key, column);
    }
    return { key, column, counter: unit === 'per_second', last: before?.get(key) ?? NaN };
  }

  function record(frame: ScrapeFrame): void {
    for (const slot of frame.ended) slots[slot] = undefined;
    for (const slot of frame.started) slots[slot] = undefined;
    for (let i = 0; i < frame.values.length && tick < ticks; i += 1) {
      let slot = slots[i];
      if (slot === undefined) slot = slots[i] = openSlot(frame, i);
      if (slot === null) continue;
      const value = frame.values[i]!;
      const increase = value >= slot.last ? value - slot.last : value;
      if (!slot.counter) slot.column.values[tick] = value;
      else if (!Number.isNaN(slot.last)) slot.column.values[tick] = increase / stepSeconds;
      if (!Number.isNaN(value)) slot.last = value;
    }
    tick += 1;
  }

  const newest = () => new Map(slots.flatMap((slot) => (slot ? [[slot.key, slot.last] as const] : [])));
  return { columns, record, newest };
}
