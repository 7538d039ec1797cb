import { formatSeries } from '../../../kernel/time-series.js';
import type { ScrapeFrame } from '../telemetry/telemetry.types.js';
import type { FrameCopy, PairedSeries, ScrapedSeries } from './ground-truth.types.js';

/** Two runs that were the same until now: every series has its like in the same slot of the other. */
export function pairBySlot({ series, values }: ScrapedSeries): PairedSeries {
  const partner = Int32Array.from(series, (descriptor, slot) => (descriptor === null ? -1 : slot));
  return { series: series.slice(), values: values.slice(), partner, alone: new Map() };
}

/** A frame is valid until the next one: what a comparison needs of it. */
export function copyFrame(frame: ScrapeFrame): FrameCopy {
  return {
    ended: frame.ended.slice(),
    // What started and ended between two scrapes was never seen.
    started: frame.started.flatMap((slot) => {
      const series = frame.series[slot];
      return series ? [{ slot, series }] : [];
    }),
    values: frame.values.slice(0, frame.series.length),
  };
}

/** Brings the pairs up to date with the series that ended and started on either side. Values stay those of before. */
export function updatePairs(run: PairedSeries, runFrame: FrameCopy, twin: PairedSeries, twinFrame: FrameCopy): void {
  grow(run, runFrame.values.length);
  grow(twin, twinFrame.values.length);
  for (const slot of runFrame.ended) end(slot, run, twin);
  for (const slot of twinFrame.ended) end(slot, twin, run);
  for (const { slot, series } of runFrame.started) start(slot, series, run, twin);
  for (const { slot, series } of twinFrame.started) start(slot, series, twin, run);
}

/** A copy with room for `length` slots, or the array itself where it has it. */
export function withRoom<T extends Float64Array | Int32Array | Uint8Array>(array: T, length: number, fill: number): T {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.fill(fill);
  larger.set(array);
  return larger;
}

function grow(side: PairedSeries, length: number): void {
  while (side.series.length < length) side.series.push(null);
  side.partner = withRoom(side.partner, length, -1);
  side.values = withRoom(side.values, length, NaN);
}

function end(slot: number, side: PairedSeries, other: PairedSeries): void {
  const series = side.series[slot];
  if (series === null || series === undefined) return;
  const partner = side.partner[slot]!;
  if (partner < 0) side.alone.delete(formatSeries(series.labels));
  else {
    other.partner[partner] = -1;
    other.alone.set(formatSeries(other.series[partner]!.labels), partner);
  }
  side.series[slot] = null;
  side.partner[slot] = -1;
}

function start(slot: number, series: FrameCopy['started'][number]['series'], side: PairedSeries, other: PairedSeries) {
  const key = formatSeries(series.labels);
  const partner = other.alone.get(key);
  side.series[slot] = series;
  side.values[slot] = NaN;
  side.partner[slot] = partner ?? -1;
  if (partner === undefined) side.alone.set(key, slot);
  else {
    other.alone.delete(key);
    other.partner[partner] = slot;
  }
}
