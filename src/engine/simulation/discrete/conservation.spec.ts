import { describe, expect, it } from 'vitest';
import { runNetwork } from '../../../../test/support/simulation/run-network.js';
import { randomNetwork, shake } from '../../../../test/support/simulation/random-network.js';
import type { BuiltNetwork } from '../../../../test/support/simulation/network-fixture.js';
import { createRandom } from '../random/random.js';
import type { Flows } from '../model/flows.types.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { CALL_GRANTED, CALL_SENT } from './call-table.js';
import { discreteEventSolver } from './discrete-event-solver.js';
import type { DiscreteState } from './discrete-state.js';
import { CALLS, WAITS_PLACE, WAITS_WORKER, WORKS } from './request-table.js';
import { SERVER_FREE } from './server-table.js';

const STEPS = 300;
const COUNTERS = [
  ...(['arrived', 'ok', 'failedOwn', 'failedDependency', 'failedTimeout', 'rejected', 'durationSum'] as const),
  ...(['durationBuckets', 'cpuSeconds', 'saturatedSeconds', 'calls', 'attempts', 'attemptsFailed'] as const),
  ...(['attemptsTimedOut', 'shortCircuited', 'userOffered', 'userOk', 'userFailed', 'userBuckets'] as const),
  'userDurationSum' as const,
];

describe('discrete-event solver on random networks', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))('loses no request and never counts back, seed %d', (seed) => {
    const random = createRandom(seed, 'conservation');
    const built = randomNetwork(random);
    const before = structuredClone(built.flows);
    const rates = built.network.entries.map(() => 20);
    runNetwork(discreteEventSolver, built, {
      ...{ seed, seconds: STEPS, rates },
      each: (second, state) => {
        expectConserved(built.flows, second);
        expectConsistent(built, state, built.flows, second);
        expectGrowing(before, built.flows, second);
        shake(random, built, second);
      },
    });
    const { ok, arrived } = built.flows;
    expect(sum(arrived)).toBeGreaterThan(100);
    expect(sum(ok)).toBeGreaterThan(0);
  });

  it.each([11, 12, 13, 14, 15])('is empty again some time after the last user, seed %d', (seed) => {
    const random = createRandom(seed, 'conservation');
    const built = randomNetwork(random);
    const { network, parameters, flows } = built;
    const rates = Float64Array.from(network.entries, () => 20);
    const state = discreteEventSolver.create(network, parameters, seed);
    for (let second = 0; second < 1000; second++) {
      if (second === 100) rates.fill(0);
      discreteEventSolver.step(network, parameters, rates, state, flows);
      if (second < 100) shake(random, built, second);
      if (second === 100) settle(built);
    }
    expect(flows.inFlight.every((count) => count === 0)).toBe(true);
    expect(flows.userWaiting.every((count) => count === 0)).toBe(true);
    expect(flows.poolInUse.every((count) => count === 0)).toBe(true);
    expect(state.requests.phase.every((phase) => phase === 0)).toBe(true);
    expect(state.calls.phase.every((phase) => phase === 0)).toBe(true);
    expect(state.detached).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('goes on from a copy of its state with the same flows, seed %d', (seed) => {
    const original = randomNetwork(createRandom(seed, 'conservation'));
    const { network, parameters, flows } = original;
    const arrivals = Float64Array.from(network.entries, () => 20);
    const random = createRandom(seed, 'shake');
    const state = discreteEventSolver.create(network, parameters, seed);
    for (let second = 0; second < 100; second++) {
      discreteEventSolver.step(network, parameters, arrivals, state, flows);
      shake(random, original, second);
    }
    const copy = structuredClone({ parameters, state, flows, random });
    for (let second = 100; second < 200; second++) {
      discreteEventSolver.step(network, parameters, arrivals, state, flows);
      shake(random, original, second);
      discreteEventSolver.step(network, copy.parameters, arrivals, copy.state, copy.flows);
      shake(copy.random, { ...original, parameters: copy.parameters }, second);
      expect(copy.flows).toEqual(flows);
    }
    expect(copy.state).toEqual(state);
  });
});

/** Whole numbers of requests, so equality is exact. */
function expectConserved(flows: Flows, second: number): void {
  for (let row = 0; row < flows.arrived.length; row++) {
    const ended =
      flows.ok[row]! +
      flows.failedOwn[row]! +
      flows.failedDependency[row]! +
      flows.failedTimeout[row]! +
      flows.rejected[row]!;
    if (flows.arrived[row] !== ended + flows.inFlight[row]! || flows.inFlight[row]! < 0) {
      expect.fail(
        `row ${row} at ${second}: ${flows.arrived[row]} arrived, ${ended} ended, ${flows.inFlight[row]} inside`,
      );
    }
  }
  for (let entry = 0; entry < flows.userOffered.length; entry++) {
    const settled = flows.userOk[entry]! + flows.userFailed[entry]!;
    if (flows.userOffered[entry] !== settled + flows.userWaiting[entry]! || flows.userWaiting[entry]! < 0) {
      expect.fail(`entry ${entry} at ${second}: ${flows.userOffered[entry]} offered, ${settled} settled`);
    }
  }
  for (const name of ['busyWorkers', 'queued', 'poolInUse'] as const) {
    flows[name].forEach((value, i) => {
      if (!(value >= 0 && value < Infinity)) expect.fail(`${name}[${i}] at ${second} is ${value}`);
    });
  }
  const buckets = flows.durationBuckets.length / flows.ok.length;
  for (let row = 0; row < flows.ok.length; row++) {
    let counted = 0;
    for (let i = row * buckets; i < (row + 1) * buckets; i++) counted += flows.durationBuckets[i]!;
    const finished = flows.arrived[row]! - flows.rejected[row]! - flows.inFlight[row]!;
    if (counted !== finished) expect.fail(`row ${row} at ${second}: ${counted} in buckets, ${finished} finished`);
  }
}

/** The running totals against a count of what the tables hold. */
function expectConsistent({ network }: BuiltNetwork, state: DiscreteState, flows: Flows, second: number): void {
  const { requests, calls, servers } = state;
  const cells = network.stations.length * CELLS_PER_STATION;
  const inFlight = new Float64Array(flows.inFlight.length);
  const queued = new Float64Array(cells);
  const busy = new Float64Array(cells);
  for (let i = 0; i < requests.used; i++) {
    const phase = requests.phase[i]!;
    if (phase < WAITS_PLACE || phase > CALLS) continue;
    inFlight[requests.row[i]!]!++;
    if (phase === WAITS_PLACE || phase === WAITS_WORKER) queued[requests.cell[i]!]!++;
    if (phase === WORKS) busy[servers.cell[requests.server[i]!]!]!++;
  }
  const poolInUse = new Float64Array(network.edges.length);
  for (let i = 0; i < calls.used; i++) {
    if (calls.phase[i] === CALL_SENT || calls.phase[i] === CALL_GRANTED) poolInUse[calls.edge[i]!]!++;
  }
  const saturated = new Float64Array(cells);
  for (let i = 0; i < servers.used; i++) {
    if (servers.phase[i] !== SERVER_FREE && servers.busy[i]! > 0 && servers.busy[i]! >= servers.workers[i]!) {
      saturated[servers.cell[i]!]!++;
    }
  }
  const found = { inFlight, queued, busy, poolInUse, saturated };
  const kept = {
    ...{ inFlight: flows.inFlight, queued: flows.queued, busy: state.cells.busy },
    ...{ poolInUse: flows.poolInUse, saturated: state.cells.saturated },
  };
  for (const name of ['inFlight', 'queued', 'busy', 'poolInUse', 'saturated'] as const) {
    found[name].forEach((count, i) => {
      if (kept[name][i] !== count) expect.fail(`${name}[${i}] at ${second} is ${kept[name][i]}, ${count} are there`);
    });
  }
}

function expectGrowing(before: Flows, flows: Flows, second: number): void {
  for (const name of COUNTERS) {
    const then = before[name];
    const now = flows[name];
    for (let i = 0; i < now.length; i++) {
      if (!(now[i]! >= then[i]! && now[i]! < Infinity))
        expect.fail(`${name}[${i}] at ${second}: ${then[i]} to ${now[i]}`);
    }
    then.set(now);
  }
}

/** Every station gets servers that move. */
function settle({ network, parameters: { cells } }: BuiltNetwork): void {
  cells.killed.fill(0);
  for (const { index } of network.stations) {
    const first = index * CELLS_PER_STATION;
    for (let cell = first; cell < first + CELLS_PER_STATION; cell++) cells.speed[cell] = 1;
    cells.servers[first]! += 1;
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
