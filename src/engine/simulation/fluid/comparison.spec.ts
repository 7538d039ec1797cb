import { describe, expect, it } from 'vitest';
import {
  drainCourse,
  drainSeconds,
  findBottleneck,
  measureAtRest,
} from '../../../../test/support/simulation/compare-solvers.js';
import { otherFleets } from '../../../../test/support/simulation/other-fleets.js';
import { shopFleet } from '../../../../test/support/simulation/shop-fleet.js';

/** Chance is part of what they measure, but the same in every run. */
const SEEDS = [1, 2];

/** `test/bench/simulation-comparison.mjs` measures the same at all loads, for longer. */
describe('the fluid solver beside the discrete-event one, on the reference shop', () => {
  it('answers as many users, in the same time, at 80 % of what the busiest service can do', () => {
    const shop = shopFleet();
    const { full, station } = findBottleneck(shop);
    const arrivals = shop.mix.map((share) => share * full * 0.8);
    const fluid = measureAtRest('fluid', shop, arrivals, station, { seed: 1, seconds: 60 });
    const discrete = SEEDS.map((seed) =>
      measureAtRest('discrete-event', shop, arrivals, station, { seed, seconds: 90 }),
    );
    const bars = { answered: 0.01, mean: 0.05, p99: 0.15 };
    for (const [figure, bar] of Object.entries(bars) as [keyof typeof bars, number][]) {
      const truth = average(discrete.map((each) => each[figure].at(-1)!));
      expect(Math.abs(fluid[figure].at(-1)! / truth - 1), figure).toBeLessThan(bar);
    }
    expect(average(discrete.map(({ utilisation }) => utilisation))).toBeCloseTo(0.8, 1);
  }, 60_000);

  it('drains a crowd in the same time', () => {
    const shop = shopFleet();
    const { full } = findBottleneck(shop);
    const crowd = { usual: 0.6, crowd: 1.3, seconds: 60 };
    const fluid = drainSeconds(drainCourse('fluid', shop, full, crowd, 1));
    const truth = average(SEEDS.map((seed) => drainSeconds(drainCourse('discrete-event', shop, full, crowd, seed))));
    expect(fluid).toBeGreaterThan(2);
    expect(Math.abs(fluid / truth - 1)).toBeLessThan(0.1);
  }, 60_000);
});

describe('the fluid solver beside the discrete-event one, on other fleets', () => {
  it('lets a backlog wait in pools that are as large as the workers behind them', () => {
    const pooled = otherFleets().find(({ name }) => name === 'small pools')!;
    const { full, station } = findBottleneck(pooled);
    const arrivals = pooled.mix.map((share) => share * full * 0.9);
    const fluid = measureAtRest('fluid', pooled, arrivals, station, { seed: 1, seconds: 60 });
    const discrete = SEEDS.map((seed) =>
      measureAtRest('discrete-event', pooled, arrivals, station, { seed, seconds: 200 }),
    );
    const bars = { answered: 0.01, mean: 0.1, p99: 0.15 };
    for (const [figure, bar] of Object.entries(bars) as [keyof typeof bars, number][]) {
      const truth = average(discrete.map((each) => each[figure].at(-1)!));
      expect(Math.abs(fluid[figure].at(-1)! / truth - 1), figure).toBeLessThan(bar);
    }
  }, 60_000);
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
