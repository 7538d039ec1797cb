import { describe, expect, it } from 'vitest';
import { advanceSurprise, createSurpriseState, DEFAULT_SURPRISE, type SurpriseSettings } from './surprise.js';

/** Only differences from the season count, on their plain linear scale, so that results can be worked out by hand. */
const PLAIN: SurpriseSettings = {
  levelWeight: 0,
  variabilityWeight: 0,
  jumpWeight: 0,
  residualWeight: 1,
  returnPower: 1,
};

function run(residuals: readonly number[]): number[] {
  const state = createSurpriseState();
  return residuals.map((residual) => advanceSurprise(state, 0, 0, 0, 0, residual, PLAIN));
}

/** `count` points that were seen before: 0, after a first one at 0 and a second at 1. */
const calm = (count: number): number[] => new Array<number>(count).fill(0);
/** The range is 0 to 1 from the second point on. */
const KNOWN = [0, 1];

/** The definition, without any bound on what is remembered. */
function defined(residuals: readonly number[]): number[] {
  const novelties: number[] = [];
  return residuals.map((residual, i) => {
    const seen = residuals.slice(0, i);
    const range = Math.max(...seen, residual) - Math.min(...seen, residual);
    const nearest = Math.min(...seen.map((other) => Math.abs(other - residual)));
    const novelty = new Set(seen).size < 2 || range === 0 ? 0 : nearest / range;
    const last = novelties.findLastIndex((other) => other >= novelty);
    novelties.push(novelty);
    return novelty * Math.min(2000, last < 0 ? i : i - last);
  });
}

describe('advanceSurprise', () => {
  it('is novelty times the points since it was as high', () => {
    const surprise = run([...KNOWN, ...calm(8), 0.5, ...calm(19), 0.75, ...calm(4), 2]);
    // Half of the range from the nearest, and 10 points so far.
    expect(surprise[10]).toBeCloseTo(0.5 * 10, 6);
    // A quarter from the nearest, 20 points after something newer.
    expect(surprise[30]).toBeCloseTo(0.25 * 20, 6);
    // 1 of a range that is 2 now; the 0.25 in between is no obstacle: 25 points since the 0.5.
    expect(surprise[35]).toBeCloseTo(0.5 * 25, 6);
    expect(surprise.filter((value) => value > 0)).toHaveLength(3);
  });

  it('keeps to its definition on whatever comes', () => {
    const residuals = Array.from({ length: 600 }, (_, i) =>
      Math.round(40 * Math.abs(Math.sin(i * 78.233)) ** (i / 60)),
    );
    const surprise = run(residuals);
    defined(residuals).forEach((value, i) => expect(surprise[i]).toBeCloseTo(value, 3));
  });

  it('stands out at the first point of a stretch only', () => {
    const surprise = run([...KNOWN, ...calm(98), 5, 5, 5, 5]);
    expect(surprise[100]).toBeCloseTo((4 / 5) * 100, 4);
    expect(surprise.slice(101)).toEqual([0, 0, 0]);
  });

  it('no longer counts points after a week of five minutes', () => {
    expect(run([...KNOWN, ...calm(4998), 0.5])[5000]).toBeCloseTo(0.5 * 2000, 4);
  });

  it('is surprised by a jump inside the range', () => {
    const state = createSurpriseState();
    const slow = (i: number) => 50 + 40 * Math.sin(i / 100) + (i === 900 ? 40 : 0);
    const settings = { ...PLAIN, residualWeight: 0, jumpWeight: 1 };
    const surprise = Array.from({ length: 1000 }, (_, i) => advanceSurprise(state, slow(i), 0, 0, 0, NaN, settings));
    expect(surprise.indexOf(Math.max(...surprise))).toBe(900);
  });

  it('adds the novelty of value, rolling mean and rolling deviation by their weights', () => {
    const state = createSurpriseState();
    const settings = { ...PLAIN, residualWeight: 0, levelWeight: 0.5, variabilityWeight: 0.25 };
    for (let i = 0; i < 40; i += 1) advanceSurprise(state, 0, 0, 0, 0, NaN, settings);
    expect(advanceSurprise(state, 0, 0.2, 0.4, 0.8, NaN, settings)).toBeCloseTo((0.2 + 0.2 + 0.2) * 40, 6);
  });

  it('is not surprised by a series that stands still, or by its first points', () => {
    const state = createSurpriseState();
    for (let i = 0; i < 100; i += 1) expect(advanceSurprise(state, 7, 0, 0, 0, 0, DEFAULT_SURPRISE)).toBe(0);
  });
});
