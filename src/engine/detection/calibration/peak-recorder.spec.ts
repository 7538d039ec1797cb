import { describe, expect, it } from 'vitest';
import { createNoise, SERIES, STEP } from '../ensemble/run-series.fixture.js';
import { PeakRecorder } from './peak-recorder.js';

const WEEK_MS = 7 * 86_400_000;

async function record(columns: readonly (readonly number[])[], from: number) {
  const recorder = new PeakRecorder(from * STEP);
  const states = columns.map(() => recorder.createState());
  const settings = columns.map(() => SERIES);
  for (let t = 0; t < columns[0]!.length; t += 1) {
    const values = Float64Array.from(columns, (column) => column[t]!);
    await recorder.update({ time: t * STEP, stepMs: STEP, states, values, settings }, async () => ({}));
  }
  return recorder;
}

const noisy = (length: number, seed: number, bumps: readonly number[] = [], height = 80) => {
  const noise = createNoise(seed);
  return Array.from({ length }, (_, t) => 100 + noise() + (bumps.some((b) => t >= b && t < b + 3) ? height : 0));
};

describe('PeakRecorder', () => {
  it('counts series and weeks from where it was told to', async () => {
    const recorder = await record([noisy(500, 1), noisy(500, 2)], 100);
    expect(recorder.seriesWeeks).toBeCloseTo((2 * 400 * STEP) / WEEK_MS, 9);
    expect(recorder.finish()).toEqual([]);
  });

  it('notes one peak for what would be one anomaly, and two for two that are apart', async () => {
    expect((await record([noisy(900, 1, [600])], 100)).finish()).toHaveLength(1);
    expect((await record([noisy(900, 1, [600, 620])], 100)).finish()).toHaveLength(1);
    expect((await record([noisy(1200, 1, [600, 900])], 100)).finish()).toHaveLength(2);
  });

  it('notes nothing that came before, or that is a single spike', async () => {
    expect((await record([noisy(900, 1, [600])], 700)).finish()).toEqual([]);
    const spike = noisy(900, 1);
    spike[600] = 900;
    expect((await record([spike], 100)).finish()).toEqual([]);
  });

  it('notes higher peaks for higher bumps', async () => {
    const [low] = (await record([noisy(900, 1, [600], 60)], 100)).finish();
    const [high] = (await record([noisy(900, 1, [600], 240)], 100)).finish();
    expect(high! / low!).toBeGreaterThan(3);
  });
});
