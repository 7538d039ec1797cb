import { describe, expect, it } from 'vitest';
import { ChannelEnsemble } from './channel-ensemble.js';
import { createNoise, SERIES, STEP } from './run-series.fixture.js';

const detector = new ChannelEnsemble();
const nothing = async () => ({});
const ODD = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 1e-300, 5e-324, Number.MAX_VALUE, 2 ** 53, -1, 1];

describe('ChannelEnsemble on bad input', () => {
  it('never gives a number that is infinite or negative, and leaves other series alone', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const noise = createNoise(seed);
      const pick = () => ODD[Math.floor(((noise() + 4) / 8) * ODD.length)]!;
      const states = [detector.createState(), detector.createState()];
      const alone = [detector.createState()];
      for (let t = 0; t < 400; t += 1) {
        const good = 100 + noise();
        const values = Float64Array.of(t % 7 < 4 ? pick() : noise() * 1e6, good);
        const update = await detector.update({ time: t * STEP, states, values, settings: [SERIES, SERIES] }, nothing);
        const own = { time: t * STEP, states: alone, values: Float64Array.of(good), settings: [SERIES] };
        const expected = await detector.update(own, nothing);
        expect(update.score[1]).toBe(expected.score[0]);
        const score = update.score[0]!;
        if (!Number.isFinite(values[0]!)) expect(score).toBeNaN();
        else expect(Number.isNaN(score) || (score >= 0 && score <= 1000)).toBe(true);
        for (const name of ['value', 'level', 'variability'])
          expect(Number.isNaN(score) || update.contributions[name]![0]! >= 0).toBe(true);
      }
      detector.describe(states[0]!);
      expect(detector.serialise(detector.restore(detector.serialise(states[0]!)))).toEqual(
        detector.serialise(states[0]!),
      );
    }
  });

  it('scores nothing without a value, and is no different after a gap', async () => {
    const state = detector.createState();
    for (let t = 0; t < 200; t += 1) {
      const values = Float64Array.of(NaN);
      const update = await detector.update({ time: t * STEP, states: [state], values, settings: [SERIES] }, nothing);
      expect(update.score[0]).toBeNaN();
      expect(update.missingPoints[0]).toBe(DEFAULT_POINTS);
    }
    expect(detector.describe(state).channels.every(({ active }) => !active)).toBe(true);
  });

  it('takes an empty batch', async () => {
    const update = await detector.update({ time: 0, states: [], values: new Float64Array(0), settings: [] }, nothing);
    expect(update.score).toHaveLength(0);
    expect(update.transitions).toEqual([]);
  });

  it('knows 16 GiB from 17 GiB', async () => {
    const GIB = 2 ** 30;
    const noise = createNoise(1);
    const settings = [{ ...SERIES, minimumDeviation: 64 * 2 ** 20 }];
    const state = detector.createState();
    let last = NaN;
    for (let t = 0; t < 1600; t += 1) {
      const values = Float64Array.of((t < 1598 ? 16 : 17) * GIB + noise() * 4096);
      last = (await detector.update({ time: t * STEP, states: [state], values, settings }, nothing)).score[0]!;
      if (t === 1590) expect(last).toBeLessThan(1);
    }
    expect(last).toBeGreaterThan(1);
  });
});

describe('ChannelEnsemble on numbers at the end of what floats hold', () => {
  it.each([1e17, 1e100, 1e200, -1e299])('gives every channel a number for series around %d', async (middle) => {
    const noise = createNoise(3);
    const state = detector.createState();
    for (let t = 0; t < 300; t += 1) {
      const values = Float64Array.of(middle * (1 + noise() * (t % 50 === 0 ? 0.2 : 1e-15)));
      const update = await detector.update({ time: t * STEP, states: [state], values, settings: [SERIES] }, nothing);
      if (t < DEFAULT_POINTS) continue;
      for (const name of ['residual', 'value', 'level', 'variability', 'change'])
        expect([name, update.contributions[name]![0]! >= 0]).toEqual([name, true]);
    }
  });
});

const DEFAULT_POINTS = 12;
