import { describe, expect, it } from 'vitest';
import { squaredErrorLimit } from './error-limit.js';
import {
  createResidualState,
  rearrangeResidualState,
  restoreResidualState,
  serialiseResidualState,
  type ResidualState,
} from './residual-state.js';
import { createResidualWork, updateResidual } from './update-residual.js';

const K = 6;
const TRAFFIC = 0;
const CPU = 1;
const LEARNED = 2_000;

/** Uniform in [0, 1), the same for the same seed (Park and Miller 1988). */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Six signals that follow the traffic, each with a little noise of its own. */
function points(seed: number): (traffic: number) => Float64Array {
  const next = random(seed);
  const noise = () => (next() + next() + next() - 1.5) * 2;
  return (traffic) =>
    Float64Array.from([
      traffic + noise(),
      0.01 * traffic + 0.02 * noise(),
      5 + 0.1 * traffic + 0.2 * noise(),
      2e8 + 1e5 * traffic + 5e5 * noise(),
      0.05 + 0.0002 * traffic + 0.001 * noise(),
      3 * traffic + 5 * noise(),
    ]);
}

const day = (i: number) => 100 + 60 * Math.sin((2 * Math.PI * i) / 960);
const work = createResidualWork();

function learn(seed: number, state: ResidualState = createResidualState(K), from = 0, to = LEARNED): number[] {
  const at = points(seed);
  const contributions = new Float64Array(K);
  return Array.from({ length: to - from }, (_, i) => updateResidual(state, at(day(from + i)), contributions, work));
}

describe('residual of a service', () => {
  it('stays below 1 on nearly all calm points, whatever the traffic does', () => {
    const residuals = learn(7).slice(1_000);
    const beyond = residuals.filter((residual) => residual > 1).length;
    // 99.9 % by the normal approximation; noise that is not normal may pass a little more often.
    expect(beyond).toBeLessThanOrEqual(5);
    expect(Math.max(...residuals)).toBeLessThan(1.5);
  });

  it('says nothing before it has seen half an hour', () => {
    const residuals = learn(3);
    expect(residuals.slice(0, 120).every(Number.isNaN)).toBe(true);
    expect(residuals[120]).not.toBeNaN();
  });

  it('finds CPU up with traffic normal, and CPU up without traffic not', () => {
    const state = createResidualState(K);
    learn(11, state);
    const stored = serialiseResidualState(state);
    const contributions = new Float64Array(K);
    // Twice what it is now, which is more than was ever seen: all of it together.
    const together = points(5)(2 * day(LEARNED));
    const normal = updateResidual(restoreResidualState(stored)!, together, contributions, work);
    const alone = points(5)(day(LEARNED));
    alone[CPU] = alone[CPU]! + 0.5;
    const strange = updateResidual(restoreResidualState(stored)!, alone, contributions, work);
    expect(normal).toBeLessThan(1.2);
    expect(strange).toBeGreaterThan(1.5);
    // It names the signal that is off, not those that the traffic moves.
    expect(contributions[CPU]).toBeGreaterThan(0.8);
    expect(contributions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('does not take a fault of twenty minutes for the new normal', () => {
    const state = createResidualState(K);
    learn(13, state);
    const at = points(17);
    const contributions = new Float64Array(K);
    const residuals = Array.from({ length: 80 }, (_, i) => {
      const values = at(day(LEARNED + i));
      values[CPU] = values[CPU]! + 0.5;
      return updateResidual(state, values, contributions, work);
    });
    expect(residuals[0]).toBeGreaterThan(1.5);
    expect(residuals[19]).toBeGreaterThan(1);
    const after = learn(19, state, LEARNED + 80, LEARNED + 200);
    expect(after.filter((residual) => residual > 1).length).toBeLessThan(12);
  });

  it('counts a step of what stood still by what matters there, and others as before', () => {
    const state = createResidualState(K + 1);
    const next = points(43);
    const contributions = new Float64Array(K + 1);
    // Clients of a cache: one for each pod, three for two thousand points, but for one moment early on.
    const withClients = (i: number, clients: number) => Float64Array.from([...next(day(i)), clients]);
    for (let i = 0; i < LEARNED; i += 1) updateResidual(state, withClients(i, i === 9 ? 4 : 3), contributions, work);
    const stored = serialiseResidualState(state);
    const seen = (values: Float64Array, least: Float64Array | null) =>
      updateResidual(restoreResidualState(stored)!, values, contributions, work, undefined, true, {
        least,
        doubt: null,
      });
    const least = Float64Array.from([0.5, 0.1, 0.5, 1e6, 0.02, 0.5, 5]);
    expect(seen(withClients(LEARNED, 4), null)).toBeGreaterThan(2);
    expect(seen(withClients(LEARNED, 4), least)).toBeLessThan(1);
    const busy = withClients(LEARNED, 4);
    busy[CPU] = busy[CPU]! + 0.5;
    expect(seen(busy, least)).toBeGreaterThan(1.5);
    expect(contributions[CPU]).toBeGreaterThan(0.8);
  });

  it('doubts signals that are estimates, and no others', () => {
    const state = createResidualState(K);
    learn(11, state);
    const stored = serialiseResidualState(state);
    const contributions = new Float64Array(K);
    const off = (signal: number, doubt: Float64Array | null) => {
      const values = points(5)(day(LEARNED));
      values[signal] = values[signal]! * 1.15;
      const weights = { least: null, doubt };
      return updateResidual(restoreResidualState(stored)!, values, contributions, work, undefined, true, weights);
    };
    const doubt = Float64Array.from([1, 3, 1, 1, 1, 1]);
    expect(off(CPU, null)).toBeGreaterThan(1.5);
    expect(off(CPU, doubt)).toBeLessThan(off(CPU, null) / 2);
    expect(off(5, doubt)).toBeGreaterThan(1.5);
  });

  it('leaves out what is not known, and learns nothing from it', () => {
    const state = createResidualState(K);
    learn(23, state);
    const contributions = new Float64Array(K);
    const values = points(29)(day(LEARNED));
    values[CPU] = NaN;
    values[TRAFFIC] = NaN;
    const { seen } = state;
    const before = seen[CPU];
    expect(updateResidual(state, values, contributions, work)).toBeLessThan(1.2);
    expect(contributions[CPU]).toBe(0);
    expect(state.seen[CPU]).toBe(before);
    expect(updateResidual(state, new Float64Array(K).fill(NaN), contributions, work)).toBeNaN();
  });

  it('survives infinities, constants and nonsense', () => {
    const state = createResidualState(K);
    const contributions = new Float64Array(K);
    for (let i = 0; i < 400; i += 1) {
      const values = Float64Array.from([1, 1, i % 7 === 0 ? Infinity : 2, 0, -0, 1e300]);
      const residual = updateResidual(state, values, contributions, work);
      expect(Number.isNaN(residual) || residual >= 0).toBe(true);
    }
    expect([...state.centre].every(Number.isFinite)).toBe(true);
  });

  it('goes on from bytes as if it had never stopped', () => {
    const state = createResidualState(K);
    learn(31, state);
    const restored = restoreResidualState(serialiseResidualState(state))!;
    expect(learn(37, restored, LEARNED, LEARNED + 50)).toEqual(learn(37, state, LEARNED, LEARNED + 50));
    expect(serialiseResidualState(state).byteLength).toBe(8 * (7 + K * 8));
    expect(restoreResidualState(new Uint8Array(3))).toBeNull();
    expect(restoreResidualState(new Uint8Array(512))).toBeNull();
  });

  it('keeps what it knows of signals that stay when others come and go', () => {
    const state = createResidualState(K);
    learn(41, state);
    const next = rearrangeResidualState(state, Int32Array.from([1, -1, 0]));
    expect([...next.centre]).toEqual([state.centre[1], 0, state.centre[0]]);
    expect([...next.seen]).toEqual([LEARNED, 0, LEARNED]);
  });
});

describe('squaredErrorLimit', () => {
  it('is close to the quantile of chi-square, of which it knows mean and variance', () => {
    // 99.9 % of chi-square with 10 and 30 degrees of freedom, from tables: 29.588 and 59.703.
    expect(squaredErrorLimit(10, 20, 3.0902)).toBeCloseTo(29.588, 0);
    expect(squaredErrorLimit(30, 60, 3.0902)).toBeCloseTo(59.703, 0);
  });

  it('has no limit without an error', () => {
    expect(squaredErrorLimit(0, 0, 3.09)).toBeNaN();
    expect(squaredErrorLimit(5, 0, 3.09)).toBe(5);
  });
});
