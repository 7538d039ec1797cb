import type { SeriesDescriptor, ScrapeFrame } from '../telemetry.types.js';

/** A stretch of a run in columns: what comes by scrape goes out by series. */
export interface RunBlock {
  /** Number of the block in the run, from 0. */
  readonly index: number;
  readonly families: ScrapeFrame['families'];
  /** Epoch milliseconds of the scrapes in it. */
  readonly times: readonly number[];
  /** By family, in the order in which they began. */
  readonly series: ReadonlyMap<string, readonly BlockSeries[]>;
  /** Value of a series in scrape i; NaN: no sample. */
  value(series: BlockSeries, i: number): number;
}

export interface BlockSeries {
  readonly descriptor: SeriesDescriptor;
  readonly slot: number;
  /** Scrapes of the block in which it lived: [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface RunBlockOptions {
  /** Blocks end at whole multiples of this many milliseconds of event time; default two hours, as blocks of Prometheus do. */
  readonly blockMs?: number;
  /** Values (8 bytes each) that a block holds at most; a block that is full ends early. Default 8 million. */
  readonly maxValues?: number;
}

/** Gathers scrapes; hands over a block whenever one is full, and the last at the end. Memory is bounded by the block. */
export interface BlockGatherer {
  add(frame: ScrapeFrame): void;
  end(): void;
}

export function gatherBlocks(write: (block: RunBlock) => void, options: RunBlockOptions = {}): BlockGatherer {
  const { blockMs = 7_200_000, maxValues = 8_000_000 } = options;
  let index = 0;
  let families: ScrapeFrame['families'] = [];
  let live: (OpenSeries | null)[] | null = null;
  let open: OpenSeries[] = [];
  let times: number[] = [];
  let rows: Float64Array[] = [];
  let held = 0;

  function finish(): void {
    if (times.length > 0) {
      const series = new Map<string, BlockSeries[]>();
      for (const each of open) {
        const { family } = each.descriptor;
        const to = each.to < 0 ? times.length : each.to;
        if (to <= each.from) continue;
        const listed = series.get(family) ?? [];
        if (listed.length === 0) series.set(family, listed);
        listed.push({ descriptor: each.descriptor, slot: each.slot, from: each.from, to });
      }
      const values = rows;
      write({ index, families, times, series, value: (each, i) => values[i]![each.slot]! });
      index++;
    }
    open = open.filter(({ to }) => to < 0);
    for (const each of open) each.from = 0;
    times = [];
    rows = [];
    held = 0;
  }

  function start(frame: ScrapeFrame, slot: number): void {
    const series = { descriptor: frame.series[slot]!, slot, from: times.length, to: -1 };
    live![slot] = series;
    open.push(series);
  }

  return {
    add(frame) {
      const last = times.at(-1);
      const newBlock = last !== undefined && Math.floor(last / blockMs) !== Math.floor(frame.time / blockMs);
      if (newBlock || held + frame.values.length > maxValues) finish();
      families = frame.families;
      if (live === null) {
        live = [];
        // Whoever joins late finds series that began before.
        frame.series.forEach((descriptor, slot) => descriptor !== null && start(frame, slot));
      } else {
        for (const slot of frame.ended) {
          const series = live[slot] ?? null;
          if (series !== null) series.to = times.length;
          live[slot] = null;
        }
        for (const slot of frame.started) if (frame.series[slot] !== null) start(frame, slot);
      }
      times.push(frame.time);
      rows.push(frame.values.slice());
      held += frame.values.length;
    },
    end: finish,
  };
}

interface OpenSeries {
  readonly descriptor: SeriesDescriptor;
  readonly slot: number;
  from: number;
  /** -1: it lives. */
  to: number;
}
