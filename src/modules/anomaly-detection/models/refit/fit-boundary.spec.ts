import { describe, expect, it } from 'vitest';
import { fitBoundary, fittedBoundary, type FitInput } from './fit-boundary.js';
import { OpeningLevels, type Excursion } from './opening-levels.js';

/** Excursions whose number above a level is exactly `count * level^-exponent`, each at a tick of its own. */
function pareto(count: number, exponent: number): Excursion[] {
  return Array.from({ length: count }, (_, i) => ({
    series: i % 50,
    tick: i * 100,
    level: ((i + 0.5) / count) ** (-1 / exponent),
  }));
}

const input = (changes: Partial<FitInput> = {}): FitInput => ({
  excursions: pareto(2_000, 3),
  series: 50,
  exposure: 10,
  shipped: () => 5,
  ...changes,
});

describe('fitBoundary', () => {
  it('finds the boundary of a known tail, inside the history and beyond it', () => {
    const fit = fitBoundary(input({ shipped: () => 10 }));
    if (typeof fit === 'string') throw new Error(fit);
    expect(fit.tailExponent).toBeGreaterThan(2.8);
    expect(fit.tailExponent).toBeLessThan(3.2);
    // 2,000 level^-3 = rate * 10, so level = (200 / rate)^(1/3).
    for (const perWeek of [1, 3, 10]) {
      const boundary = fittedBoundary(fit.calibration, perWeek);
      expect(Math.abs(Math.log(boundary / Math.cbrt(200 / perWeek))), `${perWeek}`).toBeLessThan(0.15);
    }
    expect(fit.bounded).toBe(true);
  });

  it('needs more where fewer alarms are wanted', () => {
    const fit = fitBoundary(input());
    if (typeof fit === 'string') throw new Error(fit);
    const boundaries = fit.calibration.table.map(({ boundary }) => boundary);
    expect(boundaries).toEqual([...boundaries].sort((a, b) => b - a));
    expect(fittedBoundary(fit.calibration, 0.0001)).toBe(boundaries[0]);
    expect(fittedBoundary(fit.calibration, 1e6)).toBe(boundaries.at(-1));
  });

  it('goes at most four times as far as what ships', () => {
    const fit = fitBoundary(input({ shipped: () => 0.1 }));
    if (typeof fit === 'string') throw new Error(fit);
    expect(Math.max(...fit.calibration.table.map(({ boundary }) => boundary))).toBeCloseTo(0.4, 10);
    expect(fit.bounded).toBe(true);
  });

  it('leaves out what many series had at once', () => {
    const outage = Array.from({ length: 40 }, (_, series) => ({ series, tick: 50, level: 1_000 }));
    const fit = fitBoundary(input({ excursions: [...pareto(2_000, 3), ...outage] }));
    expect(fit).toMatchObject({ excursions: 2_000, common: 40 });
  });

  it('says why it cannot', () => {
    expect(fitBoundary(input({ excursions: pareto(5, 3) }))).toContain('5 excursions');
    const level = pareto(100, 3).map((excursion) => ({ ...excursion, level: 2 }));
    expect(fitBoundary(input({ excursions: level }))).toContain('equally high');
  });
});

describe('OpeningLevels', () => {
  const levelsOf = (scores: readonly number[]): number[] => {
    const found: number[] = [];
    const levels = new OpeningLevels(1, ({ level }) => found.push(level));
    scores.forEach((score, tick) => levels.push(score, tick));
    levels.end();
    return found;
  };
  const calm = [0, 0, 0, 0, 0, 0, 0];

  it.each([
    ['one point opens nothing', [5], []],
    ['two in a row open at the lower of them', [5, 3], [3]],
    ['three of five open at the third highest', [5, 0, 4, 0, 2], [2]],
    ['the higher of both rules counts', [5, 3, 0, 4, 4], [4]],
    ['what was not scored does not interrupt', [5, NaN, 3], [3]],
  ])('%s', (_, scores, expected) => {
    expect(levelsOf([...calm, ...scores, ...calm])).toEqual(expected);
  });

  it('tells excursions apart by calm', () => {
    expect(levelsOf([...calm, 2, 2, ...calm, ...calm, 3, 3])).toEqual([2, 3]);
    expect(levelsOf([...calm, 2, 2, 0, 0, 3, 3])).toEqual([3]);
  });
});
