import { describe, expect, it } from 'vitest';
import { DEFAULT_TRACKER_SETTINGS } from './anomaly-tracker.js';
import { UnknownStateVersionError, type PastStretch, type SeriesSettings } from './detector.js';
import { robustWindowReference } from './robust-window.graph.js';
import { DEFAULT_ROBUST_WINDOW_SETTINGS, RobustWindowDetector, type RobustWindowState } from './robust-window.js';

const STEP = 15_000;
const SETTINGS: SeriesSettings = { minimumDeviation: 0.1, minimumRelativeDeviation: 0.2, sensitivity: 6 };
const detector = new RobustWindowDetector();

/** Deterministic noise in [-1, 1): xorshift32. */
function noise(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 31 - 1;
  };
}

interface Outcome {
  readonly scores: number[];
  readonly opened: number[];
  readonly stretches: PastStretch[];
  readonly state: RobustWindowState;
}

async function run(
  values: readonly number[],
  settings = SETTINGS,
  by = detector,
  state = by.createState(),
): Promise<Outcome> {
  const outcome: Outcome = { scores: [], opened: [], stretches: [], state };
  for (const [i, value] of values.entries()) {
    const batch = { time: i * STEP, states: [state], values: Float64Array.of(value), settings: [settings] };
    const update = await by.update(batch, robustWindowReference);
    outcome.scores.push(update.score[0]!);
    for (const { event } of update.transitions) {
      if (event.kind === 'opened') outcome.opened.push(i);
      if (event.kind === 'ended') outcome.stretches.push({ ...event, peakValue: event.peak.value });
    }
  }
  return outcome;
}

const calm = (points: number, level: number, spread: number, seed = 7) => {
  const next = noise(seed);
  return Array.from({ length: points }, () => level + spread * next());
};

describe('RobustWindowDetector', () => {
  it('draws no band where no value can be, and scores the same', async () => {
    const state = detector.createState();
    const bounded = detector.createState();
    const values = [...calm(40, 1, 0.9), 9];
    for (const [i, value] of values.entries()) {
      const settings = [SETTINGS, { ...SETTINGS, lowerBound: 0 }];
      const batch = { time: i * STEP, states: [state, bounded], values: Float64Array.of(value, value), settings };
      const update = await detector.update(batch, robustWindowReference);
      if (Number.isNaN(update.score[0]!)) continue;
      expect(update.score[1]).toBe(update.score[0]);
      expect(update.yhatLower[0]).toBeLessThan(0);
      expect(update.yhatLower[1]).toBe(0);
      expect(update.yhatUpper[1]).toBe(update.yhatUpper[0]);
    }
  });

  it('says how many points it still needs, then scores', async () => {
    const state = detector.createState();
    const missing: number[] = [];
    for (let i = 0; i < 14; i += 1) {
      const batch = { time: i, states: [state], values: Float64Array.of(i % 3 === 0 ? NaN : 1), settings: [SETTINGS] };
      missing.push((await detector.update(batch, robustWindowReference)).missingPoints[0]!);
    }
    expect(missing.slice(0, 4)).toEqual([12, 11, 10, 10]);
    expect((await run(calm(30, 5, 1))).scores.findIndex((score) => !Number.isNaN(score))).toBe(12);
  });

  it('finds a CPU burn within two ticks, and holds it until it ends', async () => {
    const values = [...calm(40, 0.06, 0.04), ...calm(20, 0.98, 0.02), ...calm(20, 0.06, 0.04)];
    const { opened, stretches, scores } = await run(values);
    expect(opened).toEqual([41]);
    expect(scores[40]).toBeGreaterThan(1);
    expect(scores[59]).toBeGreaterThan(1);
    expect(stretches).toEqual([expect.objectContaining({ startedAt: 40 * STEP, endedAt: 60 * STEP, adopted: false })]);
  });

  it('finds a burn five minutes after a start that was busy itself', async () => {
    const values = [0.4, 0.9, ...calm(20, 0.05, 0.03), ...calm(8, 0.98, 0.02)];
    expect((await run(values)).opened).toEqual([23]);
  });

  it('finds load average as it climbs', async () => {
    const climb = Array.from({ length: 16 }, (_, i) => 2 * (1 - Math.exp(-(i + 1) / 4)) + 0.1);
    expect((await run([...calm(40, 0.15, 0.1), ...climb])).opened[0]).toBeLessThanOrEqual(43);
  });

  it('finds a second burn like the first, and gets used to one that keeps coming', async () => {
    const cycle = [...calm(20, 0.05, 0.03), ...calm(4, 0.95, 0.02)];
    const { opened } = await run(Array.from({ length: 12 }, () => cycle).flat());
    expect(opened.length).toBeGreaterThanOrEqual(2);
    expect(opened.length).toBeLessThanOrEqual(4);
  });

  it('does not page on a constant that flickers below the minimum deviation', async () => {
    const { scores } = await run([...new Array<number>(60).fill(5), 5.9, 5.9, 5.9, 5.9]);
    expect(Math.max(...scores.filter((score) => !Number.isNaN(score)))).toBeLessThan(1);
  });

  it('does page on up going to zero', async () => {
    const settings = { ...SETTINGS, minimumDeviation: 0.5 };
    expect((await run([...new Array<number>(60).fill(1), 0, 0, 0], settings)).opened).toEqual([61]);
  });

  it('dismisses one spike', async () => {
    expect((await run([...calm(60, 5, 1), 500, ...calm(20, 5, 1)])).opened).toEqual([]);
  });

  it('is quiet on noise of many shapes', async () => {
    const next = noise(99);
    const gauss = () => (next() + next() + next() + next()) / 2;
    const shapes = {
      uniform: calm(2_000, 50, 10),
      gaussian: Array.from({ length: 2_000 }, () => 20 + 3 * gauss()),
      bursty: Array.from({ length: 2_000 }, () => (next() > 0.6 ? 100 * Math.abs(next()) : next() + 1)),
      daily: Array.from({ length: 5_760 }, (_, i) => 100 + 60 * Math.sin((2 * Math.PI * i) / 5_760) + 2 * gauss()),
      ramp: Array.from({ length: 2_000 }, (_, i) => i + gauss()),
    };
    for (const [name, values] of Object.entries(shapes)) expect([name, (await run(values)).opened]).toEqual([name, []]);
  });

  it('adopts a new level that stays', async () => {
    const by = new RobustWindowDetector({
      ...DEFAULT_ROBUST_WINDOW_SETTINGS,
      tracker: { ...DEFAULT_TRACKER_SETTINGS, adoptAfter: 60 },
    });
    const { stretches, scores } = await run([...calm(60, 10, 1), ...calm(200, 40, 1)], SETTINGS, by);
    expect(stretches).toEqual([expect.objectContaining({ adopted: true })]);
    expect(scores.at(-1)).toBeLessThan(1);
  });

  it('keeps series of a batch apart, also where numbers are huge or missing', async () => {
    const states = [detector.createState(), detector.createState(), detector.createState()];
    const settings = [SETTINGS, SETTINGS, SETTINGS];
    const next = noise(3);
    let update;
    for (let i = 0; i < 60; i += 1) {
      const values = Float64Array.of(1.7e10 + 1e5 * next(), i === 59 ? 1e200 : 1, NaN);
      update = await detector.update({ time: i * STEP, states, values, settings }, robustWindowReference);
    }
    expect(update!.score[0]).toBeLessThan(1);
    expect(update!.yhat[0]).toBeCloseTo(1.7e10, -6);
    expect(update!.score[1]).toBe(1000);
    expect(update!.score[2]).toBeNaN();
  });

  it('replays history to the state that scoring left', async () => {
    const burn = calm(9, 3, 0.1);
    const sections = [
      calm(50, 1, 0.1, 1),
      burn,
      calm(30, 1, 0.1, 2),
      [3],
      calm(20, 1, 0.1, 3),
      burn,
      calm(20, 1, 0.1, 4),
    ];
    const values = sections.flat();
    for (const end of [55, 60, 70, 91, 94, 115, 118, 130, values.length]) {
      const live = await run(values.slice(0, end));
      const grid = { first: 0, stepMs: STEP, count: end };
      const replayed = detector.createState();
      const past = { stretches: live.stretches, tracker: live.state.tracker };
      detector.replay(replayed, { grid, values: Float64Array.from(values.slice(0, end)), ...past });
      expect([end, detector.serialise(replayed)]).toEqual([end, detector.serialise(live.state)]);

      const behind = (await run(values.slice(0, end - 12))).state;
      const rest = { first: (end - 12) * STEP, stepMs: STEP, count: 12 };
      detector.replay(behind, { grid: rest, values: Float64Array.from(values.slice(end - 12, end)), ...past });
      expect([end, detector.serialise(behind)]).toEqual([end, detector.serialise(live.state)]);
    }
  });

  it('survives serialisation, and refuses a state of another version', async () => {
    const values = [...calm(40, 1, 0.1), 3, 3];
    const { state } = await run(values);
    const bytes = detector.serialise(state);
    const next = [3, 1, 1];
    const copy = await run(next, SETTINGS, detector, detector.restore(bytes));
    expect(copy.scores).toEqual((await run(next, SETTINGS, detector, state)).scores);
    const later = new TextDecoder().decode(bytes).replace('"version":1', '"version":9');
    expect(() => detector.restore(new TextEncoder().encode(later))).toThrow(UnknownStateVersionError);
  });

  it('forgets what was open when the series falls silent', async () => {
    const { state } = await run([...calm(40, 1, 0.1), 5, 5, 5]);
    detector.interrupt(state);
    expect(state.tracker.phase).toBe('calm');
    expect(state.baseline.held).toEqual([]);
  });
});
