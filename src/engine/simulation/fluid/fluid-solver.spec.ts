import { describe, expect, it } from 'vitest';
import {
  buildNetwork,
  deterministic,
  exponential,
  logNormal,
  type BuiltNetwork,
  type NetworkFixture,
} from '../../../../test/support/simulation/network-fixture.js';
import { erlangC, mg1Wait, mmcWait } from '../queueing/erlang.js';
import { fluidSolver } from './fluid-solver.js';
import type { WorkDistribution } from '../model/network.types.js';

function station(work: WorkDistribution, more: Partial<NetworkFixture['stations'][string]> = {}): BuiltNetwork {
  return buildNetwork({
    stations: { web: { ...more, operations: { get: { work } } } },
    entries: { users: { to: 'web.get' } },
  });
}

function run(built: BuiltNetwork, state: object, rate: number, steps: number): void {
  const arrivals = new Float64Array(built.network.entries.length).fill(rate);
  for (let i = 0; i < steps; i++) {
    fluidSolver.step(built.network, built.parameters, arrivals, state as never, built.flows);
  }
}

/** Mean seconds in the station over the last 100 of 600 steps. */
function meanDuration(built: BuiltNetwork, rate: number): number {
  const state = fluidSolver.create(built.network, built.parameters, 1);
  run(built, state, rate, 500);
  const row = built.row('web.get');
  const [sum, count] = [built.flows.durationSum[row]!, built.flows.ok[row]!];
  run(built, state, rate, 100);
  return (built.flows.durationSum[row]! - sum) / (built.flows.ok[row]! - count);
}

describe('the fluid solver at rest', () => {
  it.each([0.1, 0.5, 0.8, 0.95])('has the mean wait of M/M/1 at utilisation %d', (load) => {
    const service = 0.02;
    expect(meanDuration(station(exponential(service)), load / service) / (service / (1 - load))).toBeCloseTo(1, 2);
  });

  it.each([
    [2, 0.6],
    [4, 0.9],
    [16, 0.8],
  ])('has the mean wait of M/M/%d at utilisation %d', (workers, load) => {
    const service = 0.05;
    const rate = (load * workers) / service;
    const exact = service + mmcWait(workers, rate, service);
    expect(meanDuration(station(exponential(service), { workers }), rate) / exact).toBeCloseTo(1, 2);
  });

  it.each([
    ['deterministic', deterministic(0.01), 0.7],
    ['log-normal', logNormal(0.01, 2.5), 0.7],
    ['log-normal', logNormal(0.01, 2.5), 0.9],
  ])('has the mean wait of M/G/1 with %s work', (_, work, load) => {
    const exact = work.mean + mg1Wait(load / work.mean, work.mean, work.scv);
    expect(meanDuration(station(work), load / work.mean) / exact).toBeCloseTo(1, 2);
  });

  it('splits arrivals over servers that each have a queue', () => {
    const service = 0.02;
    expect(meanDuration(station(exponential(service), { servers: 5 }), 5 * 40) / (service / 0.2)).toBeCloseTo(1, 2);
  });

  it('has the tail of M/M/2', () => {
    const built = station(exponential(0.1), { workers: 2 });
    const state = fluidSolver.create(built.network, built.parameters, 1);
    run(built, state, 16, 300);
    // P(W + S > t) for M/M/2 with rate 16/s, service rate 10/s: W = 0 with 1 - C, else exponential of rate 4/s.
    const wait = erlangC(2, 1.6);
    const beyond = (t: number) =>
      (1 - wait) * Math.exp(-10 * t) + (wait * (10 * Math.exp(-4 * t) - 4 * Math.exp(-10 * t))) / 6;
    const buckets = built.network.durationBounds.length + 1;
    const row = built.row('web.get');
    const counts = built.flows.durationBuckets.subarray(row * buckets, (row + 1) * buckets);
    const total = counts.reduce((sum, count) => sum + count, 0);
    let above = total;
    built.network.durationBounds.forEach((bound, i) => {
      above -= counts[i]!;
      if (bound >= 0.05) expect(Math.abs(above / total - beyond(bound))).toBeLessThan(0.012);
    });
  });
});
