import { describe, expect, it } from 'vitest';
import { robustWindowReference } from '../detection/robust-window.graph.js';
import { RobustWindowDetector } from '../detection/robust-window.js';
import { copyWatch } from './copy-watch.js';
import { createWatch, watchScrape, type Watch } from './watch.js';
import type { WatchFrame, WatchOptions, WatchableSeries } from './watch.types.js';

const STEP = 15_000;

/** Scrapes by hand: values by name, `null` where a series is gone; slots are given as the simulation gives them. */
class Scrapes {
  private time = 0;
  private readonly slots: (WatchableSeries | null)[] = [];
  constructor(private readonly types: Readonly<Record<string, WatchableSeries>>) {}

  frame(values: Readonly<Record<string, number>>): WatchFrame {
    this.time += STEP;
    const nameOf = (series: WatchableSeries | null) =>
      Object.keys(this.types).find((name) => this.types[name] === series);
    const ended: number[] = [];
    this.slots.forEach((series, slot) => {
      if (series === null || nameOf(series)! in values) return;
      this.slots[slot] = null;
      ended.push(slot);
    });
    const started: number[] = [];
    for (const name of Object.keys(values)) {
      if (this.slots.includes(this.types[name]!)) continue;
      const free = this.slots.indexOf(null);
      const slot = free >= 0 ? free : this.slots.length;
      this.slots[slot] = this.types[name]!;
      started.push(slot);
    }
    const all = Float64Array.from(this.slots, (series) => (series === null ? NaN : values[nameOf(series)!]!));
    return { time: this.time, series: this.slots, ended, started, values: all };
  }
}

const gauge = (name: string, labels: Record<string, string> = {}): WatchableSeries => ({
  labels: { __name__: name, ...labels },
  metricType: 'gauge',
});
const SERIES = {
  load: gauge('node_load1', { instance: 'n1' }),
  depth: gauge('queue_depth', { service: 'shop' }),
  total: { labels: { __name__: 'jobs_total', service: 'shop' }, metricType: 'counter' } as const,
  info: gauge('build_info'),
};

const OPTIONS: WatchOptions<ReturnType<RobustWindowDetector['createState']>> = {
  detector: new RobustWindowDetector(),
  stepMs: STEP,
  serviceSignals: false,
  tracePoints: 40,
};

const scrape = <S extends Watch>(watch: S, frame: WatchFrame) => watchScrape(watch, frame, robustWindowReference);

describe('a watch over scrapes', () => {
  it('opens an anomaly, says what it is about, and ends it', async () => {
    const watch = createWatch(OPTIONS) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    for (let i = 0; i < 40; i += 1) {
      const events = await scrape(watch, scrapes.frame({ load: 1, depth: 10 + (i % 3) }));
      expect([events.opened, events.groupsOpened]).toEqual([[], []]);
    }
    const first = await scrape(watch, scrapes.frame({ load: 1, depth: 500 }));
    expect(first.opened).toEqual([]);
    const second = await scrape(watch, scrapes.frame({ load: 1, depth: 500 }));
    expect(second.opened).toMatchObject([
      { labels: SERIES.depth.labels, service: 'shop', startedAt: first.time, openedAt: second.time, endedAt: null },
    ]);
    expect(second.groupsOpened).toHaveLength(1);
    expect(second.groupsOpened[0]!.anomalies).toEqual(second.opened);
    let ended = null;
    const calmFrom = second.time + STEP;
    for (let i = 0; i < 10 && ended === null; i += 1) {
      const events = await scrape(watch, scrapes.frame({ load: 1, depth: 11 }));
      ended = events.ended[0] ?? null;
    }
    expect(ended).toBe(second.opened[0]);
    expect(ended).toMatchObject({ endedAt: calmFrom, peak: { value: 500 } });
    expect(ended!.trace!.values.filter((value) => value === 500)).toHaveLength(2);
    expect(ended!.trace!.times.at(-1)! - ended!.trace!.times[0]!).toBe(39 * STEP);
  });

  it('scores counters by their rate, a reset as a start from zero, and no rate across a gap', async () => {
    const watch = createWatch(OPTIONS) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    const seen: number[] = [];
    for (const total of [100, 130, 190, 30, NaN, 75]) {
      await scrape(watch, scrapes.frame({ total }));
      seen.push(watch.watched.values[0]!);
    }
    expect(seen).toEqual([NaN, 2, 4, 2, NaN, 1.5]);
    for (let i = 0; i < 6; i += 1) await scrape(watch, scrapes.frame({ total: NaN }));
    await scrape(watch, scrapes.frame({ total: 500 }));
    expect(watch.watched.values[0]).toBeNaN();
  });

  it('lets go of series that ended, and gives their slots to others', async () => {
    const watch = createWatch(OPTIONS) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    for (let i = 0; i < 30; i += 1) await scrape(watch, scrapes.frame({ load: 5, depth: 10, info: 1 }));
    expect(watch.watched.series).toEqual([SERIES.load, SERIES.depth]);
    await scrape(watch, scrapes.frame({ load: 900, depth: 10 }));
    const opened = (await scrape(watch, scrapes.frame({ load: 900, depth: 10 }))).opened;
    expect(opened).toHaveLength(1);
    const after = await scrape(watch, scrapes.frame({ depth: 10, total: 0 }));
    expect(after.ended).toEqual(opened);
    expect(watch.watched.series).toEqual([SERIES.depth, SERIES.total]);
    const last = await scrape(watch, scrapes.frame({ depth: 10, total: 150 }));
    expect([...watch.watched.values.subarray(0, 2)]).toEqual([10, 10]);
    expect(last.opened).toEqual([]);
  });

  it('goes on from a copy without touching the original', async () => {
    const watch = createWatch(OPTIONS) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    for (let i = 0; i < 40; i += 1) await scrape(watch, scrapes.frame({ depth: 10 + (i % 3) }));
    const bad = scrapes.frame({ depth: 400 });
    const worse = { ...bad, started: [], time: bad.time + STEP };
    const copy = copyWatch(watch);
    await scrape(copy, bad);
    expect((await scrape(copy, worse)).opened).toHaveLength(1);
    expect(watch.watched.open).toEqual([null]);
    await scrape(watch, bad);
    expect((await scrape(watch, worse)).opened).toHaveLength(1);
  });

  it('obeys knobs: exclusions and maintenance', async () => {
    const knobs = {
      falseAlarmsPerWeek: 1,
      rules: [
        { name: 'no load', match: 'node_load1', excluded: { reason: 'nobody cares' } },
        {
          name: 'works',
          match: 'queue_depth',
          maintenance: [
            { kind: 'once' as const, from: '1970-01-01T00:00:00Z', to: '1970-01-02T00:00:00Z', reason: 'move' },
          ],
        },
      ],
    };
    const watch = createWatch({ ...OPTIONS, knobs }) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    await scrape(watch, scrapes.frame({ load: 1, depth: 1 }));
    expect(watch.watched.series).toEqual([SERIES.depth]);
    expect(watch.watched.suppressions[0]!.reasonAt(3_600_000)).toContain('move');
  });

  it('ends what is open where its series falls silent, as the service does', async () => {
    const watch = createWatch(OPTIONS) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    for (let i = 0; i < 40; i += 1) await scrape(watch, scrapes.frame({ load: 1, depth: 10 + (i % 3) }));
    await scrape(watch, scrapes.frame({ load: 1, depth: 500 }));
    const bad = await scrape(watch, scrapes.frame({ load: 1, depth: 500 }));
    expect(bad.opened).toHaveLength(1);
    for (let i = 0; i < 5; i += 1) {
      expect((await scrape(watch, scrapes.frame({ load: 1, depth: NaN }))).ended).toEqual([]);
    }
    const events = await scrape(watch, scrapes.frame({ load: 1, depth: NaN }));
    expect(events.ended).toEqual(bad.opened);
    expect(events.ended).toMatchObject([{ endReason: 'stale', endedAt: bad.time + 6 * STEP }]);
  });

  it('tells of the last of its like that falls silent, once, and of no other', async () => {
    const watch = createWatch({ ...OPTIONS, serviceSignals: false }) as unknown as Watch;
    const scrapes = new Scrapes({ ...SERIES, other: gauge('node_load1', { instance: 'n2' }) });
    const all = { load: 1, other: 1, depth: 10, total: 5 };
    let time = 0;
    for (let i = 0; i < 260; i += 1) time = (await scrape(watch, scrapes.frame(all))).time;
    // A node leaves, and so do both series of the service.
    const seen: unknown[] = [];
    const copy = copyWatch(watch);
    for (let i = 0; i < 40; i += 1) {
      const events = await scrape(watch, scrapes.frame({ load: 1 }));
      seen.push(...events.opened.map(({ labels, startedAt, openedAt }) => [labels, startedAt, openedAt]));
      if (events.groupsOpened.length > 0) expect(events.groupsOpened).toHaveLength(1);
    }
    expect(seen).toEqual([
      [SERIES.depth.labels, time, time + 21 * STEP],
      [SERIES.total.labels, time, time + 21 * STEP],
    ]);
    const back: unknown[] = [];
    for (let i = 0; i < 8; i += 1) {
      const events = await scrape(watch, scrapes.frame({ load: 1, depth: 10 }));
      back.push(...events.ended.map(({ labels, endedAt, endReason }) => [labels, endedAt, endReason]));
    }
    expect(back).toEqual([[SERIES.depth.labels, time + 41 * STEP, 'calm']]);
    expect(copy.silence!.open.filter(Boolean)).toEqual([]);
  });

  it('says nothing of silence where settings say so', async () => {
    const rule = { name: 'above', match: 'queue_depth', direction: 'above' as const };
    const options = { ...OPTIONS, serviceSignals: false, knobs: { falseAlarmsPerWeek: 1, rules: [rule] } };
    const watch = createWatch(options) as unknown as Watch;
    const off = createWatch({ ...OPTIONS, serviceSignals: false, silence: null }) as unknown as Watch;
    const scrapes = new Scrapes(SERIES);
    let opened = 0;
    for (let i = 0; i < 300; i += 1) {
      const frame = scrapes.frame(i < 250 ? { load: 1, depth: 10 } : { load: 1 });
      opened += (await scrape(watch, frame)).opened.length + (await scrape(off, frame)).opened.length;
    }
    expect(opened).toBe(0);
  });
});
