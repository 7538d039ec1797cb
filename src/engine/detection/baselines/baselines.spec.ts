import { describe, expect, it } from 'vitest';
import { UnknownStateVersionError } from '../detector.js';
import type { BaselineOutcome, BaselineScorer } from './baseline-scorer.js';
import { createBaselineDetectors } from './detectors.js';
import { RANGE_NOVELTY } from './range-novelty.js';
import { holdBack } from './refractory.js';
import { VALUE_KNN } from './value-knn.js';
import { WINDOWED_GAUSSIAN } from './windowed-gaussian.js';

function scores(scorer: BaselineScorer, values: readonly number[]): number[] {
  const memory = new Float64Array(scorer.memoryLength);
  const outcome: BaselineOutcome = { score: NaN, yhat: NaN, reach: NaN };
  return values.map((value) => {
    scorer.advance(memory, value, outcome);
    return outcome.score;
  });
}

const series = (length: number, at: (i: number) => number) => Array.from({ length }, (_, i) => at(i));

describe('holdBack', () => {
  it('lets only higher scores pass for a while, at 0.3 of themselves', () => {
    const memory = new Float64Array(2);
    const shown = [1, 0.5, 2, 2, 0, 0, 0.5, 0, 0.5];
    expect(shown.map((score) => holdBack(memory, 0, score, 3))).toEqual([1, 0, 0.6, 0, 0, 0, 0.5, 0, 0]);
  });
});

describe('windowed Gaussian', () => {
  it('counts standard deviations of all values so far, five of them to the boundary', () => {
    const result = scores(WINDOWED_GAUSSIAN, [1, 3, 10]);
    expect(result[0]).toBeNaN();
    // Mean 2, standard deviation 1 of 1 and 3; 10 is 8 of them away.
    expect(result[2]).toBeCloseTo(8 / 5, 12);
  });

  it('forgets what is older than 6,400 values, a hundred at a time', () => {
    const result = scores(
      WINDOWED_GAUSSIAN,
      series(12_900, (i) => (i < 100 ? 1000 : i % 2)),
    );
    // 6,500 values are known at 6,500, of which the first 100 are just forgotten: mean and deviation are 0.5.
    expect(result[6499]).toBeLessThan(0.2 * (0.5 / 0.5));
    expect(result[6500]).toBeCloseTo(1 / 5, 12);
    expect(result[12_899]).toBeCloseTo(1 / 5, 12);
  });
});

describe('value kNN', () => {
  it('counts how many standard deviations the nearest value is farther than usual', () => {
    // Distances to the nearest: 1 each time but at the first value, which has none.
    const calm = series(100, (i) => i);
    expect(Math.max(...scores(VALUE_KNN, calm).slice(30))).toBe(0);
    // Distances 0 and 1 in turns from a staircase: mean and standard deviation 0.5, and 99 is 49 from the nearest. It
    // comes soon after another emission, so 0.3 of it counts.
    const stairs = [...series(101, (i) => Math.floor(i / 2)), 99];
    expect(scores(VALUE_KNN, stairs).at(-1)).toBeCloseTo((0.3 * (49 - 0.5)) / 0.5 / 12, 1);
  });

  it('forgets values that are 4,000 points old', () => {
    const values = series(9000, (i) => (i === 100 || i === 8000 ? 50 : i % 2));
    const result = scores(VALUE_KNN, values);
    expect(result[8000]).toBeGreaterThan(1);
    expect(result.slice(101, 8000).every((score) => score === 0)).toBe(true);
  });
});

describe('range novelty', () => {
  it('is the distance to what was seen over the range, a tenth of it to the boundary', () => {
    const result = scores(
      RANGE_NOVELTY,
      series(200, (i) => (i === 101 ? 30 : 10 * ((i >> 2) % 2))),
    );
    // The block of four that ends at 103 has the 30, and 10 was the highest: 20 of 30. Mean and deviation never moved.
    expect(result.slice(60, 103).every((score) => score === 0)).toBe(true);
    expect(result[103]).toBeCloseTo(Math.hypot(20 / 30, 0.5, 0.5) / 0.1, 9);
    expect(result[104]).toBe(0);
  });

  it('says nothing while its window fills', () => {
    const result = scores(
      RANGE_NOVELTY,
      series(48, (i) => i),
    );
    expect(result.slice(0, 47).every(Number.isNaN)).toBe(true);
    expect(result[47]).not.toBeNaN();
  });
});

describe('baseline detectors', () => {
  const settings = { minimumDeviation: 1, minimumRelativeDeviation: 0, sensitivity: 6 };
  const wave = (i: number) => (i === 400 ? 90 : 10 * Math.sin(i));

  it.each(createBaselineDetectors())('$id goes on from a snapshot as if nothing had happened', async (detector) => {
    let state = detector.createState();
    const kept = detector.createState();
    const opened: number[] = [];
    for (let i = 0; i < 420; i += 1) {
      const value = i % 50 === 7 ? NaN : wave(i);
      const batch = { time: i * 1000, states: [state, kept], values: Float64Array.of(value, value) };
      const update = await detector.update({ ...batch, settings: [settings, settings] });
      expect(update.score[0]).toBe(update.score[1]);
      if (Number.isNaN(value)) expect(update.score[0]).toBeNaN();
      for (const { index, event } of update.transitions) if (index === 0 && event.kind === 'opened') opened.push(i);
      if (i % 60 === 59) state = detector.restore(detector.serialise(state));
    }
    expect(opened.at(-1)).toBeGreaterThanOrEqual(400);
    expect(opened.at(-1)).toBeLessThan(404);
  });

  it('refuse bytes of another version or length', () => {
    for (const detector of createBaselineDetectors()) {
      expect(() => detector.restore(new Uint8Array(3))).toThrow(UnknownStateVersionError);
      expect(() => detector.restore(new Uint8Array(64))).toThrow(UnknownStateVersionError);
    }
  });
});
