import { describe, expect, it } from 'vitest';
import {
  buildNetwork,
  deterministic,
  exponential,
  logNormal,
  type BuiltNetwork,
  type CallFixture,
  type StationFixture,
} from '../../../../test/support/simulation/network-fixture.js';
import { watchFlows } from '../../../../test/support/simulation/check-flows.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { createRandom, nextBelow, nextUniform, type RandomStream } from '../random/random.js';
import { fluidSolver } from './fluid-solver.js';
import type { FluidState } from './fluid-state.js';

const NETWORKS = 80;
const STEPS = 150;

describe('the fluid solver under random networks and random changes', () => {
  it('conserves requests and users, and is never negative or not a number', () => {
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const random = createRandom(seed, 'fuzz');
      const built = randomNetwork(random);
      const { network, parameters, flows } = built;
      const state = fluidSolver.create(network, parameters, seed);
      const check = watchFlows(flows);
      for (let step = 0; step < STEPS; step++) {
        if (step > 0) change(random, built);
        fluidSolver.step(network, parameters, randomArrivals(random, built), state, flows);
        check(`network ${seed}, step ${step}`);
      }
      expect(nonsense(state), `network ${seed}`).toEqual([]);
    }
  }, 60_000);

  it('goes on from a copy of its state with the same flows', () => {
    for (let seed = 1; seed <= NETWORKS; seed += 10) {
      const random = createRandom(seed, 'fuzz');
      const built = randomNetwork(random);
      const { network, parameters, flows } = built;
      const state = fluidSolver.create(network, parameters, seed);
      for (let step = 0; step < 40; step++) {
        if (step > 0) change(random, built);
        fluidSolver.step(network, parameters, randomArrivals(random, built), state, flows);
      }
      const copy = structuredClone({ state, flows });
      for (let step = 0; step < 20; step++) {
        change(random, built);
        const arrivals = randomArrivals(random, built);
        fluidSolver.step(network, parameters, arrivals, state, flows);
        fluidSolver.step(network, parameters, arrivals, copy.state, copy.flows);
      }
      expect(copy).toEqual({ state, flows });
    }
  });
});

function randomArrivals(random: RandomStream, { network }: BuiltNetwork): Float64Array {
  return new Float64Array(network.entries.length).map(() => pick(random, [0, 1, 50, 500, 20_000]));
}

/** Names of what the solver remembers that is not a number, or far below 0. */
function nonsense(state: FluidState): string[] {
  // -1 is "never described yet"; single masses of distributions may be slightly negative (`grid.ts`).
  const bad = (value: number) => Number.isNaN(value) || value < -1;
  return Object.entries(state).flatMap(([name, values]) => ((values as Float64Array).some(bad) ? [name] : []));
}

function pick<T>(random: RandomStream, values: readonly T[]): T {
  return values[nextBelow(random, values.length)]!;
}

function chance(random: RandomStream, probability: number): boolean {
  return nextUniform(random) < probability;
}

/** Layers of stations; calls go from one to a later one. */
function randomNetwork(random: RandomStream): BuiltNetwork {
  const count = 2 + nextBelow(random, 7);
  const stations: Record<string, StationFixture> = {};
  for (let i = count - 1; i >= 0; i--) {
    const call = (): CallFixture => {
      const target = i + 1 + nextBelow(random, count - i - 1);
      const other = i + 1 + nextBelow(random, count - i - 1);
      const to = chance(random, 0.7) ? `s${target}.a` : { [`s${target}.a`]: 1, [`s${other}.b`]: nextUniform(random) };
      return {
        ...{ to, probability: pick(random, [1, 1, 0.1]), fanOut: pick(random, [1, 1, 1, 5]) },
        ...{ async: chance(random, 0.1), optional: chance(random, 0.2), retries: pick(random, [0, 0, 1, 5]) },
        ...{ backoff: pick(random, [0, 0.05, 1]), timeout: pick(random, [Infinity, 0.0001, 0.1, 1, 30]) },
        ...{ pool: pick(random, [Infinity, 1, 20]), poolTimeout: pick(random, [Infinity, 0.05, 1]) },
        ...{ delay: pick(random, [0, 0.0005, 0.1]) },
        onMiss: chance(random, 0.2) ? [[{ to: `s${target}.b` }]] : [],
      };
    };
    const operation = () => ({
      work: pick(random, [deterministic(0.003), exponential(0.02), logNormal(0.01, 3), exponential(2)]),
      errorRatio: pick(random, [0, 0, 0.01, 0.5]),
      contends: chance(random, 0.2),
      hitRatio: pick(random, [1, 0.9, 0]),
      stages:
        i === count - 1
          ? []
          : Array.from({ length: nextBelow(random, 3) }, () => Array.from({ length: 1 + nextBelow(random, 2) }, call)),
    });
    stations[`s${i}`] = {
      ...{ kind: chance(random, 0.15) ? 'delay' : 'servers', dispatch: chance(random, 0.15) ? 'shared' : 'random' },
      ...{
        servers: pick(random, [1, 1, 3, 40]),
        workers: pick(random, [1, 2, 16]),
        slots: pick(random, [1, 20, Infinity]),
      },
      ...{ queueLimit: pick(random, [0, 10, Infinity]), contention: pick(random, [0, 0, 0.1, 2]) },
      operations: { a: operation(), b: operation() },
    };
  }
  return buildNetwork({
    stations,
    entries: { u: { to: 's0.a', timeout: 5, retries: 2 }, v: { to: { 's0.b': 1, 's1.a': 1 } } },
  });
}

/** What faults, autoscalers and operators do, without sense. */
function change(random: RandomStream, { network, parameters }: BuiltNetwork): void {
  const { cells } = parameters;
  cells.killed.fill(0);
  for (let cell = 0; cell < cells.servers.length; cell++) {
    if (cell % CELLS_PER_STATION > 2 || !chance(random, 0.1)) continue;
    const servers = pick(random, [0, 0, 1, 2, 50]);
    if (servers < cells.servers[cell]! && chance(random, 0.5)) cells.killed[cell] = cells.servers[cell]! - servers;
    cells.servers[cell] = servers;
    cells.epoch[cell] = cells.epoch[cell]! + 1;
    cells.workers[cell] = pick(random, [1, 2, 64]);
    cells.speed[cell] = pick(random, [1, 1, 0.1, 0]);
    cells.slots[cell] = pick(random, [0, 1, 20, Infinity]);
    cells.queueLimit[cell] = pick(random, [0, 10, Infinity]);
    cells.weight[cell] = pick(random, [1, 0.1, 0]);
    cells.errorRatio[cell] = pick(random, [0, 0, 0.3, 1]);
    cells.workFactor[cell] = pick(random, [1, 1, 30]);
    cells.shedRatio[cell] = pick(random, [0, 0, 0.5, 1]);
  }
  for (let edge = 0; edge < network.edges.length; edge++) {
    if (!chance(random, 0.05)) continue;
    parameters.edgeTimeout[edge] = pick(random, [Infinity, 1e-6, 0.05, 1, 60]);
    parameters.edgeExtraRetries[edge] = pick(random, [0, 0, 20]);
    parameters.edgeRetryShare[edge] = pick(random, [1, 0.1, 0]);
    parameters.edgeAdmit[edge] = pick(random, [1, 1, 0.05, 0]);
    parameters.edgePool[edge] = pick(random, [Infinity, 0, 1, 50]);
  }
  for (let route = 0; route < network.routes.target.length; route++) {
    if (!chance(random, 0.05)) continue;
    parameters.routeWeight[route] = pick(random, [1, 1, 0.2, 0]);
    parameters.routeDelay[route] = pick(random, [0, 0.001, 0.5, 30]);
    parameters.routeLoss[route] = pick(random, [0, 0, 0.1, 1]);
    parameters.routeRefuse[route] = pick(random, [0, 0, 0.1, 1]);
  }
  for (let i = 0; i < parameters.hitRatio.length; i++) {
    if (chance(random, 0.05)) parameters.hitRatio[i] = pick(random, [1, 0.5, 0]);
  }
}
