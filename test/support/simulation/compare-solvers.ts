import { discreteEventSolver } from '../../../src/engine/simulation/discrete/discrete-event-solver.js';
import { fluidSolver } from '../../../src/engine/simulation/fluid/fluid-solver.js';
import { createFlows } from '../../../src/engine/simulation/model/create-network.js';
import type { Flows } from '../../../src/engine/simulation/model/flows.types.js';
import type { Network } from '../../../src/engine/simulation/model/network.types.js';
import { CELLS_PER_STATION, type NetworkParameters } from '../../../src/engine/simulation/model/parameters.types.js';
import type { Solver, SolverName } from '../../../src/engine/simulation/model/solver.types.js';

/** A network under constant parameters, to be put before both solvers. */
export interface CompareSubject {
  readonly name: string;
  readonly network: Network;
  readonly parameters: NetworkParameters;
  /** Share of the users by entry; the shares sum to 1. */
  readonly mix: Float64Array;
  /** Stations among which the bottleneck is looked for. */
  readonly candidates: readonly number[];
}

const SOLVERS: Readonly<Record<SolverName, Solver<object>>> = {
  fluid: fluidSolver,
  'discrete-event': discreteEventSolver,
};

/** Seconds before anything is measured. */
const WARM_UP = 120;

export interface Bottleneck {
  readonly station: number;
  /** Users per second at which its workers, or its places where they fill first, are busy all the time. */
  readonly full: number;
}

/**
 * The candidate that is full first, by proportion from the fluid at one user per second, where nobody waits: all time
 * that requests of one user work there (or hold a place there, dependencies included) over all workers (places).
 *
 * @param by what is counted as full
 */
export function findBottleneck(subject: CompareSubject, by: 'workers' | 'places' = 'workers'): Bottleneck {
  const { network, parameters, mix, candidates } = subject;
  const flows = createFlows(network);
  const state = fluidSolver.create(network, parameters, 1);
  for (let i = 0; i < WARM_UP; i++) fluidSolver.step(network, parameters, mix, state, flows);
  let most = 0;
  let found = -1;
  for (const station of candidates) {
    let used = 0;
    let all = 0;
    for (let cell = station * CELLS_PER_STATION; cell < (station + 1) * CELLS_PER_STATION; cell++) {
      const { servers, workers, slots } = parameters.cells;
      if (servers[cell] === 0) continue;
      all += servers[cell]! * (by === 'workers' ? workers[cell]! : slots[cell]!);
      if (by === 'workers') used += flows.busyWorkers[cell]!;
      else
        for (let i = 0; i < network.operationStride; i++) used += flows.inFlight[cell * network.operationStride + i]!;
    }
    if (used / all > most) [most, found] = [used / all, station];
  }
  return { station: found, full: 1 / most };
}

/** What users got; one more at the end of each list for all entries together. */
export interface UserFigures {
  /** Per second, without the chance in the number of arrivals: the nominal rate times the share that was answered. */
  readonly answered: number[];
  /** Of answered users, seconds. */
  readonly mean: number[];
  readonly p99: number[];
  /** Mean busy share of the workers of the station. */
  readonly utilisation: number;
}

/** @param seconds measured after `WARM_UP` */
export function measureAtRest(
  solver: SolverName,
  subject: CompareSubject,
  arrivals: Float64Array,
  station: number,
  run: { readonly seed: number; readonly seconds: number },
): UserFigures {
  const { network, parameters } = subject;
  const flows = createFlows(network);
  const state = SOLVERS[solver].create(network, parameters, run.seed);
  const step = () => SOLVERS[solver].step(network, parameters, arrivals, state, flows);
  for (let i = 0; i < WARM_UP; i++) step();
  const before = structuredClone(flows);
  let busy = 0;
  for (let i = 0; i < run.seconds; i++) {
    step();
    for (let cell = 0; cell < CELLS_PER_STATION; cell++) busy += flows.busyWorkers[station * CELLS_PER_STATION + cell]!;
  }
  let workers = 0;
  for (let cell = station * CELLS_PER_STATION; cell < (station + 1) * CELLS_PER_STATION; cell++)
    workers += parameters.cells.servers[cell]! * parameters.cells.workers[cell]!;
  return { ...userFigures(network, before, flows, arrivals), utilisation: busy / workers / run.seconds };
}

function userFigures(network: Network, before: Flows, flows: Flows, arrivals: Float64Array) {
  const entries = network.entries.map((_, entry) => entry);
  const bounds = network.userBounds;
  const answered: number[] = [];
  const mean: number[] = [];
  const p99: number[] = [];
  for (const group of [...entries.map((entry) => [entry]), entries]) {
    let rate = 0;
    let ok = 0;
    let seconds = 0;
    const buckets = new Float64Array(bounds.length + 1);
    for (const entry of group) {
      const grown = (values: Float64Array, old: Float64Array) => values[entry]! - old[entry]!;
      const count = grown(flows.userOk, before.userOk);
      rate += (arrivals[entry]! * count) / grown(flows.userOffered, before.userOffered);
      ok += count;
      seconds += grown(flows.userDurationSum, before.userDurationSum);
      const at = entry * buckets.length;
      for (let i = 0; i < buckets.length; i++)
        buckets[i] = buckets[i]! + flows.userBuckets[at + i]! - before.userBuckets[at + i]!;
    }
    answered.push(rate);
    mean.push(seconds / ok);
    p99.push(quantile(buckets, bounds, 0.99));
  }
  return { answered, mean, p99 };
}

/** Linear within the bucket, as PromQL's `histogram_quantile`. */
function quantile(buckets: Float64Array, bounds: Float64Array, probability: number): number {
  let left = buckets.reduce((sum, count) => sum + count, 0) * probability;
  for (let i = 0; i < bounds.length; i++) {
    const low = i === 0 ? 0 : bounds[i - 1]!;
    if (left <= buckets[i]!) return low + ((bounds[i]! - low) * left) / buckets[i]!;
    left -= buckets[i]!;
  }
  return Infinity;
}

/** Loads as shares of the full load, and how long the crowd stays, seconds. */
export interface Crowd {
  readonly usual: number;
  readonly crowd: number;
  readonly seconds: number;
}

/** Longest drain that is waited for, seconds. */
const LONGEST_DRAIN = 900;

/**
 * Requests in the fleet, one counted at every station that it is in: at rest (mean over 120 s), and second by second
 * from the end of the crowd on.
 */
export function drainCourse(
  solver: SolverName,
  { network, parameters, mix }: CompareSubject,
  full: number,
  { usual, crowd, seconds }: Crowd,
  seed: number,
): { readonly rest: number; readonly course: Float64Array } {
  const flows = createFlows(network);
  const state = SOLVERS[solver].create(network, parameters, seed);
  const low = mix.map((share) => share * full * usual);
  const high = mix.map((share) => share * full * crowd);
  const step = (arrivals: Float64Array) => {
    SOLVERS[solver].step(network, parameters, arrivals, state, flows);
    return flows.inFlight.reduce((sum, count) => sum + count, 0);
  };
  for (let i = 0; i < WARM_UP; i++) step(low);
  let rest = 0;
  for (let i = 0; i < 120; i++) rest += step(low) / 120;
  let last = 0;
  for (let i = 0; i < seconds; i++) last = step(high);
  const course = new Float64Array(LONGEST_DRAIN + 1);
  course[0] = last;
  for (let i = 1; i <= LONGEST_DRAIN && course[i - 1]! > rest; i++) course[i] = step(low);
  return { rest, course };
}

/** Seconds, between steps by interpolation, until a tenth of what the crowd left above the usual is left. */
export function drainSeconds({ rest, course }: { readonly rest: number; readonly course: Float64Array }): number {
  const goal = rest + (course[0]! - rest) / 10;
  for (let i = 1; i < course.length; i++) {
    if (course[i]! > goal) continue;
    return i - (goal - course[i]!) / (course[i - 1]! - course[i]!);
  }
  return Infinity;
}
