import { describe, expect, it } from 'vitest';
import { ChannelEnsemble } from './channel-ensemble.js';
import { createNoise, runSeries } from './run-series.fixture.js';
import { createSeasonClock, DAY_MS, seasonAt, setSeasonClock } from './season.js';
import { SEASON } from './state-layout.js';

const detector = new ChannelEnsemble();
const MINUTES_5 = 300_000;
const PER_DAY = DAY_MS / MINUTES_5;

/** A day whose afternoon is far above its night, with noise. */
const daily = (days: number, amplitude = 300, seed = 1) => {
  const noise = createNoise(seed);
  return Array.from({ length: days * PER_DAY }, (_, i) => 500 + amplitude * wave(i) + noise());
};
const wave = (i: number) => Math.sin((2 * Math.PI * i) / PER_DAY);
const reasonOf = (state: ReturnType<typeof detector.createState>) =>
  detector.describe(state).channels.find(({ name }) => name === 'residual')!.reason;

describe('seasons', () => {
  it('are learned in two cycles, and until then it is said that they are not', async () => {
    const state = detector.createState();
    await runSeries(detector, daily(0.5), { state, stepMs: MINUTES_5 });
    expect(reasonOf(state)).toContain('no season yet: 0.5 of 2 days seen');
    await runSeries(detector, daily(1.5).slice(0.5 * PER_DAY), { state, from: 0.5 * PER_DAY, stepMs: MINUTES_5 });
    expect(reasonOf(state)).toContain('no season yet: 1.5 of 2 days seen');
    expect(state.numbers[SEASON]).toBe(0);
    await runSeries(detector, daily(3).slice(1.5 * PER_DAY), { state, from: 1.5 * PER_DAY, stepMs: MINUTES_5 });
    expect(state.numbers[SEASON]).toBe(1);
    expect(reasonOf(state)).toMatch(/daily season, which makes the error \d+ % smaller/);
  });

  it('are what the series shows', async () => {
    const state = detector.createState();
    await runSeries(detector, daily(6), { state, stepMs: MINUTES_5 });
    const clock = createSeasonClock();
    for (let i = 0; i < PER_DAY; i += 7) {
      setSeasonClock(clock, (6 * PER_DAY + i) * MINUTES_5, MINUTES_5);
      const expected = 500 + 300 * wave(i);
      expect(Math.abs(seasonAt(state.numbers, state.floats, 1, clock) - expected)).toBeLessThan(15);
    }
  });

  it('are not used where there is none', async () => {
    const state = detector.createState();
    await runSeries(detector, daily(4, 0), { state, stepMs: MINUTES_5 });
    expect(state.numbers[SEASON]).toBe(0);
    expect(reasonOf(state)).toContain('no season: a daily one leaves');
  });

  it('tell a weekend from the working days', async () => {
    const state = detector.createState();
    const noise = createNoise(3);
    const values = Array.from({ length: 22 * PER_DAY }, (_, i) => {
      const weekend = Math.floor(i / PER_DAY) % 7 >= 5;
      return 500 + (weekend ? 20 : 300) * (1 + wave(i)) + noise();
    });
    const { opened } = await runSeries(detector, values, { state, stepMs: MINUTES_5 });
    expect(state.numbers[SEASON]).toBe(2);
    expect(opened.filter((at) => at > 15 * PER_DAY)).toEqual([]);
  });

  it('let a quiet afternoon be found that is normal at night', async () => {
    const values = daily(8);
    const at = 7 * PER_DAY + PER_DAY / 4;
    for (let i = at; i < at + 6; i += 1) values[i] = 250;
    const { opened } = await runSeries(detector, values, { stepMs: MINUTES_5 });
    expect(opened).toEqual([at + 1]);
  });

  it('learn from hourly points, too', async () => {
    const noise = createNoise(2);
    const state = detector.createState();
    const values = Array.from({ length: 24 * 8 }, (_, i) => 500 + 300 * Math.sin((2 * Math.PI * i) / 24) + noise());
    await runSeries(detector, values, { state, stepMs: 3_600_000 });
    expect(state.numbers[SEASON]).toBe(1);
  });
});
