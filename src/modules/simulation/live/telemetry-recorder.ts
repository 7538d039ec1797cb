import type { ScrapeFrame } from '../../../engine/simulation/telemetry/telemetry.types.js';
import type { SeriesSelector } from '../../../kernel/series-selector.js';
import { matchesSelector } from '../../../kernel/series-selector-matching.js';
import type { Labels, MetricType } from '../../../kernel/time-series.js';
import type { TelemetryWriter } from '../../telemetry/index.js';
import type { UserSample } from './user-view.js';

const NOT_STORED = -1;
const NO_ID = -1;
/** Samples of one write: a journal row of about 200 KiB. */
const SAMPLES_PER_WRITE = 50_000;

interface PendingSeries {
  readonly handle: number;
  readonly labels: Labels;
  readonly metricType: MetricType;
}

/**
 * Collects the scrapes of a batch and writes them as sources do. Series are known by a handle of ours until telemetry
 * has given them an id, since slots of the frame are used again within a batch.
 */
export class TelemetryRecorder {
  /** By slot of the frame. */
  private readonly handles: number[] = [];
  /** By handle: id in telemetry, -1 where there is none yet. */
  private ids = new Int32Array(1024).fill(NO_ID);
  private handleCount = 0;
  private readonly freeHandles: number[] = [];
  /** Series that have had no value yet: telemetry need not know of them. */
  private readonly silent = new Map<number, PendingSeries>();
  private pending: PendingSeries[] = [];
  private sampleHandles = new Int32Array(SAMPLES_PER_WRITE);
  private times = new Float64Array(SAMPLES_PER_WRITE);
  private values = new Float64Array(SAMPLES_PER_WRITE);
  private count = 0;
  private ended: { readonly handle: number; readonly time: number }[] = [];
  private readonly ownHandles = new Map<string, number>();
  private known = false;

  constructor(
    private readonly environmentId: string,
    private readonly selectors: readonly SeriesSelector[],
  ) {}

  get waitingSamples(): number {
    return this.count;
  }

  /** True once so much waits that it should be written before going on. */
  get full(): boolean {
    return this.count >= SAMPLES_PER_WRITE;
  }

  /** @param keep false where the samples of this frame are stored already, and only its series count */
  add(frame: ScrapeFrame, keep: boolean): void {
    if (!this.known) {
      this.known = true;
      frame.series.forEach((series, slot) => (this.handles[slot] = series ? this.register(series) : NOT_STORED));
    } else {
      for (const slot of frame.ended) this.end(slot, frame.time, keep);
      for (const slot of frame.started) {
        const series = frame.series[slot];
        this.handles[slot] = series ? this.register(series) : NOT_STORED;
      }
    }
    if (keep) this.take(frame);
    else this.hear(frame);
  }

  /** Series of our own, whatever the selectors say. */
  addSamples(samples: readonly UserSample[], time: number): void {
    this.reserve(samples.length);
    for (const { labels, value } of samples) {
      if (Number.isNaN(value)) continue;
      const key = JSON.stringify(labels);
      let handle = this.ownHandles.get(key);
      if (handle === undefined) this.ownHandles.set(key, (handle = this.newHandle(labels, 'gauge')));
      this.push(handle, time, value);
    }
  }

  /** Writes what waits. Writing the same again changes nothing, so a batch may be made twice. */
  async flush(writer: TelemetryWriter): Promise<number> {
    if (this.pending.length > 0) {
      const ids = await writer.resolveSeries(this.environmentId, this.pending);
      this.pending.forEach(({ handle }, i) => (this.ids[handle] = ids[i]!));
      this.pending = [];
    }
    const written = this.count;
    for (let from = 0; from < written; from += SAMPLES_PER_WRITE) {
      const to = Math.min(written, from + SAMPLES_PER_WRITE);
      await writer.append(this.environmentId, {
        seriesIds: this.sampleHandles.slice(from, to).map((handle) => this.ids[handle]!),
        times: this.times.slice(from, to),
        values: this.values.slice(from, to),
      });
    }
    this.count = 0;
    if (this.ended.length > 0) {
      await writer.endSeries(
        this.environmentId,
        Int32Array.from(this.ended, ({ handle }) => this.ids[handle]!),
        Float64Array.from(this.ended, ({ time }) => time),
      );
      for (const { handle } of this.ended) this.freeHandles.push(handle);
      this.ended = [];
    }
    return written;
  }

  private take({ series, values, time }: ScrapeFrame): void {
    this.reserve(series.length);
    for (let slot = 0; slot < series.length; slot++) {
      const handle = this.handles[slot]!;
      const value = values[slot]!;
      if (handle === NOT_STORED || Number.isNaN(value)) continue;
      this.push(handle, time, value);
    }
  }

  /** Of samples that are stored already only this counts: that there were some. */
  private hear({ series, values }: ScrapeFrame): void {
    for (let slot = 0; slot < series.length; slot++) {
      const handle = this.handles[slot]!;
      if (handle !== NOT_STORED && !Number.isNaN(values[slot]!)) this.announce(handle);
    }
  }

  private push(handle: number, time: number, value: number): void {
    this.announce(handle);
    this.sampleHandles[this.count] = handle;
    this.times[this.count] = time;
    this.values[this.count++] = value;
  }

  private announce(handle: number): void {
    if (this.ids[handle] !== NO_ID) return;
    const series = this.silent.get(handle);
    if (!series) return;
    this.silent.delete(handle);
    this.pending.push(series);
  }

  private register({ labels, metricType }: { labels: Labels; metricType: MetricType }): number {
    const { selectors } = this;
    if (selectors.length > 0 && !selectors.some((selector) => matchesSelector(labels, selector))) return NOT_STORED;
    return this.newHandle(labels, metricType);
  }

  private newHandle(labels: Labels, metricType: MetricType): number {
    const handle = this.freeHandles.pop() ?? this.handleCount++;
    if (handle >= this.ids.length) {
      const grown = new Int32Array(this.ids.length * 2);
      grown.set(this.ids);
      this.ids = grown;
    }
    this.ids[handle] = NO_ID;
    this.silent.set(handle, { handle, labels, metricType });
    return handle;
  }

  private end(slot: number, time: number, keep: boolean): void {
    const handle = this.handles[slot] ?? NOT_STORED;
    this.handles[slot] = NOT_STORED;
    if (handle === NOT_STORED) return;
    const heardOf = !this.silent.delete(handle);
    if (keep && heardOf) this.ended.push({ handle, time });
    else this.freeHandles.push(handle);
  }

  private reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.times.length) return;
    const size = Math.max(needed, this.times.length * 2);
    this.sampleHandles = grow(this.sampleHandles, new Int32Array(size));
    this.times = grow(this.times, new Float64Array(size));
    this.values = grow(this.values, new Float64Array(size));
  }
}

function grow<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
