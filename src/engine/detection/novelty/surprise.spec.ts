import { describe, expect, it } from 'vitest';
import { advanceSurprise, createSurpriseState, DEFAULT_SURPRISE, type SurpriseSettings } from './surprise.js';

/** Only the novelty that is given, so that results can be worked out by hand. */
const PLAIN: SurpriseSettings = {
  levelWeight: 0,
  variabilityWeight: 0,
  jumpWeight: 0,
  residualWeight: 0,
  returnPower: 1,
};

function run(novelties: readonly number[], settings = PLAIN): number[] {
  const state = createSurpriseState();
  return novelties.map((novelty) => advanceSurprise(state, 0, novelty, 0, 0, NaN, settings));
}

/** `count` points without novelty. */
const calm = (count: number): number[] => new Array<number>(count).fill(0);

describe('advanceSurprise', () => {
  it('is novelty times the points since it was as high', () => {
    const surprise = run([...calm(10), 0.5, ...calm(19), 0.25, ...calm(4), 0.5]);
    expect(surprise[10]).toBeCloseTo(0.5 * 10, 6);
    // 20 points after the 0.5, which was higher.
    expect(surprise[30]).toBeCloseTo(0.25 * 20, 6);
    // The 0.25 in between is no obstacle: 25 points since the 0.5.
    expect(surprise[35]).toBeCloseTo(0.5 * 25, 6);
    expect(surprise.filter((value) => value > 0)).toHaveLength(3);
  });

  it('stands out at the first point of a stretch only', () => {
    const surprise = run([...calm(100), 0.5, 0.5, 0.4, 0.3]);
    expect(surprise.slice(100)).toEqual([50, 0.5, 0.4, 0.3].map((value) => expect.closeTo(value, 5)));
  });

  it('no longer counts points after a week of five minutes', () => {
    expect(run([...calm(5000), 0.5])[5000]).toBeCloseTo(0.5 * 2000, 4);
  });

  it('forgets none of the high peaks, however many low ones come', () => {
    const falling = Array.from({ length: 60 }, (_, i) => 0.3 * 0.97 ** i);
    const surprise = run([...calm(10), 0.9, ...falling, ...calm(28), 0.8]);
    // 0.9 was at 10, and 0.8 comes at 99.
    expect(surprise[99]).toBeCloseTo(0.8 * 89, 4);
  });

  it('never says that it is longer ago than it is when peaks are joined', () => {
    const state = createSurpriseState();
    const seen: number[] = [];
    for (let i = 0; i < 3000; i += 1) {
      const novelty = Math.fround(Math.abs(Math.sin(i * 78.233)) ** 8);
      const surprise = advanceSurprise(state, 0, novelty, 0, 0, NaN, PLAIN);
      const last = seen.findLastIndex((other) => other >= novelty);
      expect(surprise).toBeLessThanOrEqual(novelty * Math.min(2000, last < 0 ? i : i - last) + 1e-6);
      seen.push(novelty);
    }
  });

  it('is surprised by a jump inside the range, and by a value that its season does not expect', () => {
    const jumps = { ...PLAIN, jumpWeight: 1 };
    const seasons = { ...PLAIN, residualWeight: 1 };
    const slow = (i: number) => 50 + 40 * Math.sin(i / 100);
    for (const [settings, value, residual] of [
      [jumps, (i: number) => (i === 900 ? slow(i) + 40 : slow(i)), () => 0],
      [seasons, slow, (i: number) => (i === 900 ? 40 : Math.sin(i))],
    ] as const) {
      const state = createSurpriseState();
      const surprise = Array.from({ length: 1000 }, (_, i) =>
        advanceSurprise(state, value(i), 0, 0, 0, residual(i), settings),
      );
      expect(surprise.indexOf(Math.max(...surprise))).toBe(900);
    }
  });

  it('is not surprised by a series that stands still, or by its first points', () => {
    const state = createSurpriseState();
    for (let i = 0; i < 100; i += 1) expect(advanceSurprise(state, 7, 0, 0, 0, 0, DEFAULT_SURPRISE)).toBe(0);
  });
});
