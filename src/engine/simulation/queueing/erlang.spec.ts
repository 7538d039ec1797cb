import { describe, expect, it } from 'vitest';
import { erlangB, erlangC, mg1Wait, mm1kBlocking, mmcWait, mmcWaitTail } from './erlang.js';
import { gamma } from './gamma.js';

/** The defining sum, for whole numbers of servers. */
function lossBySum(servers: number, load: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= servers; k++) sum += term *= load / k;
  return term / sum;
}

/** 1/B = a ∫ e^(-at) (1+t)^c dt by Simpson's rule in u = at. */
function lossByIntegral(servers: number, load: number): number {
  const steps = 400_000;
  const end = 80 + 4 * servers;
  const f = (u: number) => Math.exp(-u) * (1 + u / load) ** servers;
  let sum = f(0) + f(end);
  for (let i = 1; i < steps; i++) sum += f((end * i) / steps) * (i % 2 === 1 ? 4 : 2);
  return 1 / ((sum * end) / steps / 3);
}

describe('Erlang formulas', () => {
  it.each([
    [1, 0.5],
    [2, 1.7],
    [10, 7.5],
    [25, 30],
    [60, 45],
  ])('agrees with the defining sum at %d servers and %d Erlang', (servers, load) => {
    expect(erlangB(servers, load)).toBeCloseTo(lossBySum(servers, load), 13);
  });

  it.each([
    [0.3, 0.05],
    [0.5, 1.2],
    [0.75, 1.6],
    [2.5, 1.9],
    [7.25, 6],
    [3.999, 9],
  ])('is the continuous extension at %d servers and %d Erlang', (servers, load) => {
    expect(erlangB(servers, load)).toBeCloseTo(lossByIntegral(servers, load), 8);
  });

  it('waits with probability load in M/M/1, and (a^2 / (2 + a)) in M/M/2', () => {
    for (const load of [0.1, 0.5, 0.9]) {
      expect(erlangC(1, load)).toBeCloseTo(load, 12);
      expect(erlangC(2, 2 * load)).toBeCloseTo((4 * load * load) / (2 + 2 * load), 12);
    }
  });

  it('stays finite and monotone up to 100,000 servers', () => {
    const waits = [90_000, 99_000, 99_900].map((load) => erlangC(100_000, load));
    expect(waits.every((wait) => wait >= 0 && wait <= 1)).toBe(true);
    expect(waits[0]).toBeLessThan(waits[1]!);
    expect(waits[1]).toBeLessThan(waits[2]!);
    // Halfin and Whitt 1981: 1 / (1 + x Φ(x) / φ(x)) with x = (c - a) / √c = 0.3162, Φ = 0.6241, φ = 0.3795.
    expect(waits[2]).toBeCloseTo(0.6579, 3);
  });

  it('gives the textbook waits', () => {
    expect(mmcWait(1, 8, 0.1)).toBeCloseTo(0.4, 12);
    expect(mg1Wait(8, 0.1, 1)).toBeCloseTo(0.4, 12);
    expect(mg1Wait(8, 0.1, 0)).toBeCloseTo(0.2, 12);
    expect(mmcWaitTail(1, 8, 0.1, 0.5)).toBeCloseTo(0.8 * Math.exp(-1), 12);
    expect(mmcWait(2, 20, 0.1)).toBe(Infinity);
    expect(mm1kBlocking(3, 1)).toBeCloseTo(0.25, 12);
    expect(mm1kBlocking(2, 0.5)).toBeCloseTo(0.25 / 1.75, 12);
  });

  it('knows the gamma function', () => {
    expect(gamma(5)).toBeCloseTo(24, 10);
    expect(gamma(0.5)).toBeCloseTo(Math.sqrt(Math.PI), 12);
    expect(gamma(1.5)).toBeCloseTo(Math.sqrt(Math.PI) / 2, 12);
  });
});
