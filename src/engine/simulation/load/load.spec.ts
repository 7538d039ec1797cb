import { describe, expect, it } from 'vitest';
import type { EntryPointSpec, LoadPartSpec } from '../../scenario/load.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { applyLoadChange, createLoad, stepLoad } from './load.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

interface Setup {
  readonly start?: string;
  readonly timeZone?: string;
  readonly entries?: readonly Partial<EntryPointSpec>[];
}

/** Only what the load reads of a fleet and of a run. */
function world(
  parts: readonly LoadPartSpec[],
  { start = '2026-01-05T00:00:00Z', timeZone = 'UTC', entries }: Setup = {},
) {
  const load = (entries ?? [{ name: 'web', parts }]).map((entry) => ({ service: 'front', rate: 100, parts, ...entry }));
  const fleet = { scenario: { start: Date.parse(start), timeZone, load } } as unknown as Fleet;
  const state = { step: 0, load: createLoad(fleet, 7), timeline: { active: [] as ActiveFault[] } };
  const arrivals = new Float64Array(load.length);
  const at = (step: number) => {
    state.step = step;
    stepLoad(fleet, state as unknown as SimulationState, arrivals);
    return arrivals[0]!;
  };
  return { fleet, state: state as unknown as SimulationState, arrivals, at };
}

const surge = (target: ActiveFault['target'], factor: number): ActiveFault =>
  ({ kind: 'traffic-surge', target, settings: { factor } }) as unknown as ActiveFault;

describe('load', () => {
  it('is the rate where nothing else is said', () => {
    expect(world([]).at(12345)).toBe(100);
  });

  it('follows the day of the time zone', () => {
    const daily = { kind: 'daily', amplitude: 0.6, peak: 20, sharpness: 1 } as const;
    const utc = world([daily]);
    expect(utc.at(20 * HOUR)).toBeCloseTo(160, 9);
    expect(utc.at(8 * HOUR)).toBeCloseTo(40, 9);
    expect(utc.at(2 * HOUR)).toBeCloseTo(100, 9);
    // Tokyo is nine hours ahead all year: 20:00 there is 11:00 UTC.
    expect(world([daily], { timeZone: 'Asia/Tokyo' }).at(11 * HOUR)).toBeCloseTo(160, 9);
  });

  it('keeps to the wall clock across the changes of daylight saving time', () => {
    // Berlin went from UTC+1 to UTC+2 on 29 March 2026 at 01:00 UTC.
    const daily = { kind: 'daily', amplitude: 0.5, peak: 12, sharpness: 1 } as const;
    const berlin = world([daily], { timeZone: 'Europe/Berlin', start: '2026-03-28T00:00:00Z' });
    expect(berlin.at(11 * HOUR)).toBeCloseTo(150, 9);
    expect(berlin.at(DAY + 10 * HOUR)).toBeCloseTo(150, 9);
    expect(berlin.at(11 * HOUR)).toBeCloseTo(150, 9);
  });

  it('has a narrower peak when it is sharper, with the same bounds', () => {
    const sharp = world([{ kind: 'daily', amplitude: 0.5, peak: 12, sharpness: 3 }]);
    expect(sharp.at(12 * HOUR)).toBeCloseTo(150, 9);
    expect(sharp.at(0)).toBeCloseTo(50, 9);
    // Six hours from the peak the height is one half: 2 x (1/2)^3 - 1 = -3/4.
    expect(sharp.at(18 * HOUR)).toBeCloseTo(62.5, 9);
  });

  it('knows the days of the week, Monday first, and passes from one to the next within the hour around midnight', () => {
    // 5 January 2026 is a Monday.
    const week = world([{ kind: 'weekly', days: [1, 1.1, 1.2, 1.3, 1.4, 0.5, 0.6] }]);
    expect(week.at(12 * HOUR)).toBeCloseTo(100, 9);
    expect(week.at(4 * DAY + 12 * HOUR)).toBeCloseTo(140, 9);
    expect(week.at(6 * DAY + 12 * HOUR)).toBeCloseTo(60, 9);
    expect(week.at(7 * DAY + 12 * HOUR)).toBeCloseTo(100, 9);
    expect(week.at(5 * DAY)).toBeCloseTo(95, 9);
    expect(week.at(5 * DAY - 900)).toBeCloseTo(140 - 90 / 4, 9);
    expect(week.at(5 * DAY + 1800)).toBeCloseTo(50, 9);
  });

  it('compounds a trend', () => {
    expect(world([{ kind: 'trend', perDay: 0.1 }]).at(2 * DAY)).toBeCloseTo(121, 9);
  });

  it('rises, holds and decays with a flash crowd', () => {
    const { at } = world([{ kind: 'flash-crowd', at: 100, factor: 5, rise: 10, hold: 20, decay: 60 }]);
    expect([99, 100, 105, 110, 129].map(at)).toEqual([100, 100, 300, 500, 500]);
    expect(at(130 + 60)).toBeCloseTo(100 * (1 + 4 / Math.E), 9);
  });

  it('ramps from one factor to another and stays', () => {
    const { at } = world([{ kind: 'ramp', at: 100, duration: 100, from: 1, to: 3 }]);
    expect([0, 100, 150, 200, 5000].map(at)).toEqual([100, 100, 200, 300, 300]);
    const jump = world([{ kind: 'ramp', at: 100, duration: 0, from: 1, to: 2 }]);
    expect([99, 100].map(jump.at)).toEqual([100, 200]);
  });

  it('replays a recorded series in place of the rate', () => {
    const replay = { kind: 'replay', times: [0, 10, 30], values: [5, 15, 5], repeat: false } as const;
    expect([0, 5, 10, 20, 30, 99].map(world([replay]).at)).toEqual([5, 10, 15, 10, 5, 5]);
    expect([30, 35, 40, 65].map(world([{ ...replay, repeat: true }]).at)).toEqual([5, 10, 15, 10]);
    expect(world([replay, { kind: 'ramp', at: 0, duration: 0, from: 1, to: 2 }]).at(10)).toBe(30);
  });

  it('has noise of mean 1, the given deviation and the given correlation', () => {
    const cv = 0.3;
    const { at } = world([{ kind: 'noise', cv, correlation: 5 }]);
    const steps = 200_000;
    const values = Array.from({ length: steps }, (_, step) => at(step) / 100);
    const mean = values.reduce((sum, value) => sum + value, 0) / steps;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / steps;
    const logs = values.map((value) => Math.log(value) + Math.log(1 + cv * cv) / 2);
    const lagged = logs.slice(5).reduce((sum, value, i) => sum + value * logs[i]!, 0);
    const squares = logs.reduce((sum, value) => sum + value * value, 0);
    // 200,000 steps hold about 20,000 independent values (correlation time 5): 4 standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan((4 * cv) / Math.sqrt(20_000));
    expect(Math.sqrt(variance) / cv).toBeCloseTo(1, 1);
    expect(lagged / squares).toBeCloseTo(Math.exp(-1), 1);
  });

  it('bursts as often and as long as it says', () => {
    const { at } = world([{ kind: 'bursts', perDay: 48, factor: 4, duration: 60 }]);
    const days = 50;
    let inBurst = 0;
    for (let step = 0; step < days * DAY; step += 5) if (at(step) === 400) inBurst += 5;
    // Renewals of an M/D/infinity queue: busy for 1 - exp(-rate x duration) of the time; about 2,400 bursts, 4 standard errors.
    const busy = 1 - Math.exp((-48 * 60) / DAY);
    expect(Math.abs(inBurst / (days * DAY) / busy - 1)).toBeLessThan(4 / Math.sqrt(2400));
  });

  it('rises with surges that name the entry point, its service or nothing', () => {
    const entries = [
      { name: 'web', service: 'front' },
      { name: 'api', service: 'gateway' },
    ];
    const { state, at, arrivals } = world([], { entries });
    state.timeline.active = [surge({ entryPoint: 'api' }, 2), surge({ service: 'front' }, 3), surge({}, 5)];
    at(0);
    expect([...arrivals]).toEqual([1500, 1000]);
  });

  it('multiplies changes of one entry point, or of all', () => {
    const { fleet, state, at, arrivals } = world([], { entries: [{ name: 'web' }, { name: 'api' }] });
    applyLoadChange(fleet, state, { kind: 'load', entryPoint: 'web', factor: 2 });
    applyLoadChange(fleet, state, { kind: 'load', entryPoint: null, factor: 3 });
    applyLoadChange(fleet, state, { kind: 'restart', service: 'front' });
    at(0);
    expect([...arrivals]).toEqual([600, 300]);
  });

  it('goes on alike from a copy of its state, and differs by seed', () => {
    const parts = [
      { kind: 'noise', cv: 0.2, correlation: 30 },
      { kind: 'bursts', perDay: 500, factor: 2, duration: 30 },
    ] as const;
    const { fleet, state, at } = world(parts);
    for (let step = 0; step < 100; step++) at(step);
    const copy = structuredClone(state);
    const again = new Float64Array(1);
    for (let step = 100; step < 1000; step++) {
      const value = at(step);
      copy.step = step;
      stepLoad(fleet, copy, again);
      expect(again[0]).toBe(value);
    }
    expect(createLoad(fleet, 8)).not.toEqual(createLoad(fleet, 7));
  });
});
