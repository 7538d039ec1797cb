import { describe, expect, it } from 'vitest';
import type { DetectorBatch, SeriesSettings } from '../detector.js';
import { ChannelEnsemble } from './channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from './ensemble-settings.js';
import type { EnsembleState } from './ensemble-state.js';
import { SEEN_PLACES } from '../novelty/seen-values.js';
import { DEFAULT_SURPRISE } from '../novelty/surprise.js';
import { SEEN, SEEN_COUNT } from './state-layout.js';
import { createNoise, runSeries, SERIES, STEP } from './run-series.fixture.js';

const detector = new ChannelEnsemble();
const nothing = async () => ({});

describe('ChannelEnsemble', () => {
  it('finds a step of ten deviations at its second point, says so until it ends, and not after', async () => {
    const noise = createNoise(1);
    const values = Array.from({ length: 600 }, (_, i) => 100 + noise() + (i >= 400 && i < 430 ? 60 : 0));
    const { opened, ended, scores } = await runSeries(detector, values);
    expect(opened).toEqual([401]);
    expect(scores[400]).toBeGreaterThan(1);
    expect(ended.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([[400 * STEP, 430 * STEP]]);
  });

  it('ends when the series is back at its level, though rolling windows and sums still hold what was', async () => {
    const values = Array.from({ length: 12_000 }, (_, i) => (i >= 11_520 && i < 11_540 ? 30 : 0));
    const { ended } = await runSeries(detector, values);
    expect(ended.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([[11_520 * STEP, 11_540 * STEP]]);
  });

  it('ends when rolling values are only nearly as new as would open one', async () => {
    const noise = createNoise(1);
    const values = Array.from({ length: 3700 }, (_, i) => 1 + noise() / 400 + (i >= 3500 && i < 3504 ? 2.6 : 0));
    const { ended } = await runSeries(detector, values);
    expect(ended.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([[3500 * STEP, 3504 * STEP]]);
  });

  it('does not take the rolling values after an anomaly for normal', async () => {
    const noise = createNoise(4);
    const state = detector.createState();
    const values = Array.from({ length: 1600 }, (_, i) => 100 + noise() / 8 + (i >= 1500 && i < 1520 ? 30 : 0));
    await runSeries(detector, values.slice(0, 1500), { state });
    const [levels, deviations] = state.numbers.subarray(SEEN_COUNT + 1);
    const greatest = () => {
      const from = SEEN + SEEN_PLACES;
      return Math.max(...state.floats.subarray(from, from + state.numbers[SEEN_COUNT + 1]!));
    };
    const before = greatest();
    await runSeries(detector, values.slice(1500), { state, from: 1500 });
    expect(greatest()).toBeLessThan(before + 1);
    expect(state.numbers[SEEN_COUNT + 1]! - levels!).toBeLessThan(5);
    expect(state.numbers[SEEN_COUNT + 2]! - deviations!).toBeLessThan(5);
  });

  it('lets one spike pass', async () => {
    const noise = createNoise(2);
    const values = Array.from({ length: 600 }, (_, i) => 100 + noise() + (i === 400 ? 500 : 0));
    expect((await runSeries(detector, values)).opened).toEqual([]);
  });

  it.each([
    ['normal', (next: () => number) => 50 + gauss(next)],
    ['exponential', (next: () => number) => -20 * Math.log(uniform(next))],
    ['constant', () => 7],
    ['on and off', (next: () => number) => (next() > 0 ? 30 : 0)],
    ['rarely not zero', (next: () => number) => (uniform(next) < 0.001 ? 5 : 0)],
  ])('opens nothing on 50 series of %s noise over 6 hours', async (_, draw) => {
    const columns = Array.from({ length: 50 }, (_unused, i) => createNoise(i + 1));
    const states = columns.map(() => detector.createState());
    const settings = columns.map(() => SERIES);
    let opened = 0;
    for (let t = 0; t < 1440; t += 1) {
      const values = Float64Array.from(columns, draw);
      const update = await detector.update({ time: t * STEP, states, values, settings }, nothing);
      for (const { event } of update.transitions) if (event.kind === 'opened') opened += 1;
    }
    expect(opened).toBe(0);
  });

  it('keeps quiet when a constant series moves by less than matters, and speaks when by more', async () => {
    const calm = new Array<number>(300).fill(5);
    expect((await runSeries(detector, [...calm, 5.4, 5.4, 5.4, 5.4])).opened).toEqual([]);
    expect((await runSeries(detector, [...calm, 50, 50, 50])).opened).toEqual([301]);
  });

  it('finds a memory that leaks slowly, long before it doubled', async () => {
    const noise = createNoise(3);
    const values = Array.from({ length: 3000 }, (_, i) => 100 + noise() + Math.max(0, i - 2400) * 0.2);
    const { opened } = await runSeries(detector, values);
    expect(opened[0]).toBeGreaterThan(2400);
    expect(opened[0]).toBeLessThan(2600);
  });

  it('gets used to what keeps happening', async () => {
    const noise = createNoise(4);
    const burst = (i: number) => (i % 300 >= 290 && i > 300 ? 40 : 0);
    const { opened } = await runSeries(
      detector,
      Array.from({ length: 9000 }, (_, i) => 100 + noise() + burst(i)),
    );
    expect(opened.length).toBeGreaterThanOrEqual(1);
    expect(opened.filter((at) => at > 6000)).toEqual([]);
  });

  it('says that a series that always moved stands still', async () => {
    const noise = createNoise(5);
    const values = Array.from({ length: 2400 }, (_, i) => (i < 2000 ? 100 + noise() : 100));
    const { opened, channels } = await runSeries(detector, values);
    expect(channels).toEqual(['flatline']);
    expect(opened[0]).toBeLessThan(2100);
  });

  it('asks of a series that is new only whether it leaves its level, whatever rate of alarms was chosen', async () => {
    const many = new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, boundary: 0.3 });
    const noise = createNoise(5);
    const values = Array.from({ length: 118 }, () => 100 + noise() ** 2);
    const state = many.createState();
    for (const value of values) {
      const batch = { time: 0, stepMs: STEP, states: [state], values: Float64Array.of(value), settings: [SERIES] };
      const { contributions } = await many.update(batch, async () => ({}));
      for (const name of ['value', 'level', 'variability']) expect(contributions[name]![0]! > 0, name).toBe(false);
    }
  });

  it('takes some equal values in a row for a collector that repeats itself, and not for a standstill', async () => {
    const noise = createNoise(5);
    const values = Array.from({ length: 2400 }, () => 100 + noise());
    for (const from of [1200, 1700, 2200]) values.fill(values[from]!, from, from + 6);
    expect((await runSeries(detector, values)).opened).toEqual([]);
  });

  it('waits longer for a standstill where equal values come by chance', async () => {
    const noise = createNoise(5);
    // Of 4 values about one in four is the same as the one before: a run of n comes by chance in 0.25^n.
    const rough = (i: number) => (i < 2000 ? 100 + Math.floor((noise() + 4) / 2) : 101);
    const { opened } = await runSeries(
      detector,
      Array.from({ length: 2400 }, (_, i) => rough(i)),
    );
    // 0.25^15 is one in a billion.
    expect(opened[0]).toBeGreaterThan(2015);
    expect(opened[0]).toBeLessThan(2100);
  });

  it('adopts a level that stays', async () => {
    const noise = createNoise(6);
    const values = Array.from({ length: 1200 }, (_, i) => (i < 500 ? 10 : 90) + noise());
    const { ended, scores } = await runSeries(detector, values);
    expect(ended).toEqual([expect.objectContaining({ startedAt: 500 * STEP, adopted: true })]);
    expect(Math.max(...scores.slice(-200))).toBeLessThan(1);
  });

  it('neither opens nor learns in maintenance', async () => {
    const noise = createNoise(7);
    const state = detector.createState();
    await runSeries(
      detector,
      Array.from({ length: 400 }, () => 100 + noise()),
      { state },
    );
    const before = detector.describe(state).points;
    const values = new Array<number>(50).fill(300);
    const { opened, scores } = await runSeries(detector, values, { state, from: 400, suppressed: true });
    expect(opened).toEqual([]);
    expect(scores[10]).toBeGreaterThan(1);
    expect(detector.describe(state).points).toBe(before);
    const after = await runSeries(detector, values, { state, from: 450 });
    expect(after.opened).toEqual([1]);
  });

  it('is calm when closed hours are over, however different they were', async () => {
    const noise = createNoise(21);
    const state = detector.createState();
    const found: number[] = [];
    // Days of 288 points, 120 of them open: long enough for sums over time to be trusted, and to have grown at night.
    for (let day = 0; day < 14; day += 1) {
      for (const [level, points, suppressed] of [
        [20, 168, true],
        [130, 120, false],
      ] as const) {
        const values = Array.from({ length: points }, () => level + 7 * noise());
        const from = day * 288 + (suppressed ? 0 : 168);
        found.push(...(await runSeries(detector, values, { state, from, suppressed, stepMs: 300_000 })).opened);
      }
    }
    expect(found).toEqual([]);
  });

  it('does not hold an outage of a maintenance, or any single outage, against a series that is back', async () => {
    for (const suppressed of [true, false]) {
      const noise = createNoise(22);
      const state = detector.createState();
      const calm = (length: number) => Array.from({ length }, () => 100 + noise());
      await runSeries(detector, calm(2000), { state });
      await runSeries(detector, new Array<number>(100).fill(NaN), { state, from: 2000, suppressed });
      const { opened, scores } = await runSeries(detector, calm(200), { state, from: 2100 });
      expect(opened).toEqual([]);
      expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    }
  });

  it('says that a series that was always there keeps missing', async () => {
    const noise = createNoise(23);
    const values = Array.from({ length: 2100 }, (_, i) => (i > 2000 && i % 4 === 0 ? NaN : 100 + noise()));
    const { opened, channels } = await runSeries(detector, values);
    expect(channels).toEqual(['missing']);
    // Two windows of the channel.
    expect(opened[0]).toBeLessThan(2000 + 2 * 32);
  });

  it('minds direction, data range, sensitivity and factors of channels', async () => {
    const noise = createNoise(8);
    const values = [...Array.from({ length: 400 }, () => 100 + noise()), 160, 160, 160, 160];
    const opened = async (settings: Partial<SeriesSettings>) =>
      (await runSeries(detector, values, { settings: { ...SERIES, ...settings } })).opened.length;
    expect(await opened({ direction: 'above' })).toBe(1);
    expect(await opened({ direction: 'below' })).toBe(0);
    expect(await opened({ sensitivity: 600 })).toBe(0);
    expect(await opened({ minimumDeviation: 80 })).toBe(0);
    expect(await opened({ minimumRelativeDeviation: 0.9 })).toBe(0);
    const calmed = Object.fromEntries(detector.channels.map((name) => [name, 1000]));
    expect(await opened({ channelFactors: calmed })).toBe(0);
    const range = await runSeries(detector, new Array<number>(30).fill(100), {
      settings: { ...SERIES, dataRange: { lower: 0, upper: 90 } },
    });
    expect(range.channels).toEqual(['range']);
  });

  it('is calmer where fewer false alarms are wanted', () => {
    const score = async (falseAlarmsPerWeek: number) => {
      const noise = createNoise(9);
      const values = [...Array.from({ length: 400 }, () => 100 + noise()), 107];
      const by = new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, falseAlarmsPerWeek });
      return (await runSeries(by, values)).scores.at(-1)!;
    };
    return Promise.all([score(0.01), score(1), score(100)]).then(([rare, usual, often]) => {
      expect(rare).toBeLessThan(usual);
      expect(usual).toBeLessThanOrEqual(often);
    });
  });

  it('goes on from a snapshot with the same scores, also within an anomaly', async () => {
    const noise = createNoise(10);
    const values = Array.from({ length: 900 }, (_, i) => 100 + noise() + (i >= 500 && i < 560 ? 60 : 0));
    for (const cut of [5, 300, 501, 520, 561, 700]) {
      const whole = detector.createState();
      await runSeries(detector, values.slice(0, cut), { state: whole });
      const copy = detector.restore(detector.serialise(whole));
      const rest = values.slice(cut);
      const expected = await runSeries(detector, rest, { state: whole, from: cut });
      const found = await runSeries(detector, rest, { state: copy, from: cut });
      expect([cut, found.scores]).toEqual([cut, expected.scores]);
      expect(detector.serialise(copy)).toEqual(detector.serialise(whole));
    }
  });

  it('refuses snapshots that are not its own', () => {
    expect(() => detector.restore(new Uint8Array(0))).toThrow('channel-ensemble cannot read a state');
    const bytes = detector.serialise(detector.createState());
    expect(() => detector.restore(bytes.subarray(0, 100))).toThrow('cannot read');
    bytes[0] = 99;
    expect(() => detector.restore(bytes)).toThrow('version 99');
  });

  it('refuses snapshots of earlier releases, which began with their version as four bytes', () => {
    const bytes = new Uint8Array(4480);
    new DataView(bytes.buffer).setUint32(0, 2, true);
    expect(() => detector.restore(bytes)).toThrow('cannot read a state of version 2; rebuild it from history');
  });

  it('keeps surprise only where it is wanted, and begins it anew where a snapshot has none', async () => {
    const surprised = new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, surprise: DEFAULT_SURPRISE });
    const noise = createNoise(11);
    const values = Array.from({ length: 200 }, () => 100 + noise());
    const plain = detector.createState();
    const kept = surprised.createState();
    expect((await runSeries(detector, values, { state: plain })).scores).toEqual(
      (await runSeries(surprised, values, { state: kept })).scores,
    );
    const bytes = [plain, kept].map((state) => detector.serialise(state));
    expect(bytes[1]!.length).toBeGreaterThan(bytes[0]!.length);
    expect(detector.serialise(detector.restore(bytes[1]!))).toEqual(bytes[0]);
    const settings = [SERIES];
    const next = { time: 200 * STEP, values: Float64Array.of(500), settings };
    const of = async (by: ChannelEnsemble, snapshot: Uint8Array) =>
      (await by.update({ ...next, states: [by.restore(snapshot)] }, nothing)).surprise;
    expect(await of(detector, bytes[1]!)).toBeUndefined();
    expect((await of(surprised, bytes[1]!))![0]).toBeGreaterThan(0);
    expect((await of(surprised, bytes[0]!))![0]).toBeGreaterThanOrEqual(0);
  });

  it('keeps a state below three kilobytes, and a few hundred bytes more while an anomaly is open', async () => {
    const state = detector.createState();
    await runSeries(detector, new Array<number>(60).fill(1), { state });
    expect(detector.serialise(state).length).toBeLessThan(3 * 1024);
    await runSeries(detector, [90, 90, 90], { state, from: 60 });
    expect(state.tracker.phase).toBe('open');
    expect(detector.serialise(state).length).toBeLessThan(3.5 * 1024);
  });

  it('lets a model join, and others look at the same windows', async () => {
    const by = new ChannelEnsemble(DEFAULT_ENSEMBLE_SETTINGS, { context: true, memory: false });
    const asked: number[][] = [];
    const run = async (inputs: Readonly<Record<string, { dims: readonly number[] }>>) => {
      asked.push([...inputs.window!.dims], [...inputs.context!.dims]);
      return { score: { data: Float32Array.of(7), dims: [1, 1] } };
    };
    const state = by.createState();
    const learned = async (i: number, value: number, direction: 'both' | 'below' = 'both', from = state) => {
      const settings = [{ ...SERIES, direction }];
      return (await by.update({ ...batchOf(from, i, value), settings }, run)).contributions.learned![0]!;
    };
    // What a model says of deviations that nobody wants to hear of stays below the boundary, as with any channel.
    for (let i = 0; i < 20; i += 1) expect(await learned(i, 5)).toEqual(i < 12 ? expect.any(Number) : 0);
    const copy = by.restore(by.serialise(state));
    expect(await learned(20, 9, 'below', copy)).toBe(1);
    expect(await learned(20, 9)).toBe(7);
    expect(asked.at(-1)).toEqual([1, 8]);
    expect(asked.at(-2)).toEqual([1, 64]);
  });
});

function batchOf(state: EnsembleState, i: number, value: number): DetectorBatch<EnsembleState> {
  return { time: i * STEP, states: [state], values: Float64Array.of(value), settings: [SERIES] };
}

function uniform(next: () => number): number {
  return (next() / 4 + 1.0000001) / 2.0000002;
}

/** Irwin and Hall: the sum of twelve uniform numbers is close to normal. */
function gauss(next: () => number): number {
  let sum = 0;
  for (let i = 0; i < 12; i += 1) sum += next() / 4;
  return sum * 3;
}
