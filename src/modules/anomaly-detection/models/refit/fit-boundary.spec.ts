import { describe, expect, it } from 'vitest';
import { boundaryFor } from '../../../../engine/detection/calibration/calibration.js';
import { SHIPPED_CALIBRATION } from '../../../../engine/detection/calibration/shipped-calibration.js';
import { fitBoundary, fittedBoundary, type FitInput } from './fit-boundary.js';
import type { Excursion } from './opening-levels.js';

const TICK = 15_000;
/** Ticks in ten minutes. */
const PAGE = 40;

/** Excursions whose number above a level is exactly `count * (level / threshold)^-exponent`, each a page of its own. */
function pareto(count: number, exponent: number): Excursion[] {
  return Array.from({ length: count }, (_, i) => ({
    series: i % 50,
    tick: i * PAGE,
    level: SHIPPED_CALIBRATION.threshold * ((i + 0.5) / count) ** (-1 / exponent),
  }));
}

const input = (changes: Partial<FitInput> = {}): FitInput => ({
  excursions: pareto(20_000, 2),
  series: 5_000,
  seriesWeeks: 1_000_000,
  tickMs: TICK,
  ...changes,
});

describe('fitBoundary', () => {
  it('finds the boundary of a known tail where there is much to go by', () => {
    const fit = fitBoundary(input());
    expect(fit).toMatchObject({ peaks: 20_000, common: 0 });
    expect(fit.tail).toBeCloseTo(1 / 2, 2);
    expect(fit.alarmsAtThreshold).toBeCloseTo(20, 1);
    // 20 (level / threshold)^-2 alarms a week per 1,000 series.
    for (const perWeek of [1, 2, 5, 10, 20]) {
      const expected = SHIPPED_CALIBRATION.threshold * Math.sqrt(20 / perWeek);
      expect(Math.abs(Math.log(fittedBoundary(fit.calibration, perWeek) / expected)), `${perWeek}`).toBeLessThan(0.02);
    }
  });

  it('hardly moves what ships where there is next to nothing to go by', () => {
    const { calibration } = fitBoundary(input({ excursions: [], seriesWeeks: 1 }));
    for (const perWeek of [1, 10]) {
      const shipped = boundaryFor(perWeek);
      expect(Math.abs(Math.log(fittedBoundary(calibration, perWeek) / shipped)), `${perWeek}`).toBeLessThan(0.01);
    }
  });

  it('needs more where fewer alarms are wanted', () => {
    const { calibration } = fitBoundary(input());
    const boundaries = calibration.table.map(({ boundary }) => boundary);
    expect(boundaries).toEqual([...boundaries].sort((a, b) => b - a));
    expect(fittedBoundary(calibration, 0.0001)).toBe(boundaries[0]);
    expect(fittedBoundary(calibration, 1e6)).toBe(boundaries.at(-1));
  });

  it("is the engine's boundary at every rate between those of the table", () => {
    const { calibration, tail, alarmsAtThreshold } = fitBoundary(input());
    const fitted = { ...SHIPPED_CALIBRATION, tail, alarmsAtThreshold };
    for (const perWeek of [0.2, 0.7, 1.9, 14, 40]) {
      expect(fittedBoundary(calibration, perWeek), `${perWeek}`).toBeCloseTo(boundaryFor(perWeek, fitted), 10);
    }
  });

  it('counts what comes within ten minutes as one page, and leaves out what many series had at once', () => {
    const apart = pareto(200, 2).map((one) => ({ ...one, tick: one.tick * 2 }));
    const twice = apart.flatMap((one) => [one, { ...one, tick: one.tick + 5, level: one.level / 2 }]);
    const outage = Array.from({ length: 400 }, (_, series) => ({ series, tick: 1e6, level: 1_000 }));
    expect(fitBoundary(input({ excursions: [...twice, ...outage] }))).toMatchObject({ peaks: 200, common: 400 });
  });
});
