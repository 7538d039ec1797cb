import { describe, expect, it } from 'vitest';
import { alarmsPerWeek, boundaryFor, fitCalibration } from './calibration.js';
import type { Calibration } from './calibration.types.js';

/** Quantiles of the Pareto distribution from 0.7 with exponent 1 / tail, evenly spread. */
function pareto(count: number, tail: number, threshold = 0.7): number[] {
  return Array.from({ length: count }, (_, i) => threshold * ((i + 0.5) / count) ** -tail);
}

const PRIOR: Calibration = { threshold: 0.7, alarmsAtThreshold: 10, tail: 0.3, peaks: 100, seriesWeeks: 10_000 };

describe('fitCalibration', () => {
  it('recovers the tail that the peaks were drawn from', () => {
    const fitted = fitCalibration(pareto(2000, 0.25), 4000, null);
    expect(fitted.alarmsAtThreshold).toBe(500);
    expect(fitted.tail).toBeCloseTo(0.25, 2);
  });

  it('stays with what was believed where there is little to see, and leaves it where there is much', () => {
    expect(fitCalibration([], 1, PRIOR).alarmsAtThreshold).toBeCloseTo(10, 0);
    expect(fitCalibration([], 1, PRIOR).tail).toBeCloseTo(0.3);
    const busy = fitCalibration(pareto(5000, 0.6), 50_000, PRIOR);
    expect(busy.alarmsAtThreshold).toBeGreaterThan(95);
    expect(busy.tail).toBeGreaterThan(0.58);
  });

  it('is not moved by peaks below the threshold or that are no numbers', () => {
    const fitted = fitCalibration([...pareto(100, 0.25), 0.1, 0.69, NaN, -1], 100, null);
    expect(fitted.peaks).toBe(100);
  });
});

describe('boundaryFor', () => {
  it('is where the alarms are as many as were chosen', () => {
    for (const chosen of [0.1, 0.5, 1, 5]) {
      expect(alarmsPerWeek(boundaryFor(chosen, PRIOR), PRIOR)).toBeCloseTo(chosen, 6);
    }
  });

  it('rises as fewer false alarms are wanted, within what can be believed', () => {
    expect(boundaryFor(0.1)).toBeGreaterThan(boundaryFor(1));
    expect(boundaryFor(1)).toBeGreaterThanOrEqual(boundaryFor(10));
    expect(boundaryFor(0)).toBeLessThanOrEqual(10);
    expect(boundaryFor(1e9)).toBeGreaterThanOrEqual(0.25);
  });
});
