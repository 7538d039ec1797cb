import type { ScrapeFrame, TelemetrySink } from '../../../src/engine/simulation/telemetry/telemetry.types.js';

/** Sum over the series of a metric whose labels are these, as PromQL's `sum(name{...})`; NaN where there is none. */
export function sumOf(frame: ScrapeFrame, name: string, labels: Readonly<Record<string, string>> = {}): number {
  let sum = NaN;
  frame.series.forEach((series, slot) => {
    if (series === null || series.labels['__name__'] !== name || Number.isNaN(frame.values[slot])) return;
    if (!Object.entries(labels).every(([key, value]) => series.labels[key] === value)) return;
    sum = (Number.isNaN(sum) ? 0 : sum) + frame.values[slot]!;
  });
  return sum;
}

/** A frame that stays as it is: the engine reuses its own. */
export function copyFrame(frame: ScrapeFrame): ScrapeFrame {
  return {
    ...frame,
    series: [...frame.series],
    ended: [...frame.ended],
    started: [...frame.started],
    values: frame.values.slice(),
  };
}

/** Keeps every frame. */
export function keepFrames(): { readonly frames: ScrapeFrame[]; readonly sink: TelemetrySink } {
  const frames: ScrapeFrame[] = [];
  return { frames, sink: { scrape: (frame) => frames.push(copyFrame(frame)) } };
}
