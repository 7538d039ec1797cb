import { discreteEventSolver } from '../../src/engine/simulation/discrete/discrete-event-solver.js';
import { fluidSolver } from '../../src/engine/simulation/fluid/fluid-solver.js';
import { createFlows } from '../../src/engine/simulation/model/create-network.js';
import type { Flows } from '../../src/engine/simulation/model/flows.types.js';
import type { Network } from '../../src/engine/simulation/model/network.types.js';
import { CELLS_PER_STATION, type NetworkParameters } from '../../src/engine/simulation/model/parameters.types.js';
import type { Solver } from '../../src/engine/simulation/model/solver.types.js';
import { SHOP_MIX, shopNetwork } from '../support/simulation/shop-network.js';

interface Subject {
  readonly name: string;
  readonly network: Network;
  readonly parameters: NetworkParameters;
  /** Users per second by entry; scaled to the wanted utilisation. */
  readonly mix: Float64Array;
}

/** Per entry, and at the end all of them together. */
interface Figures {
  readonly rate: number[];
  readonly mean: number[];
  readonly p99: number[];
}

const UTILISATIONS = [0.3, 0.6, 0.8, 0.9];
const WARM_UP = 60;

export async function run(options: { seeds: number; seconds: number }): Promise<void> {
  const { network, parameters } = shopNetwork();
  const subject = { name: 'shop of 12 services', network, parameters, mix: Float64Array.from(SHOP_MIX) };
  compareAtRest(subject, options);
  compareDrains(subject, options.seeds);
}

function compareAtRest(subject: Subject, { seeds, seconds }: { seeds: number; seconds: number }): void {
  const { full, station } = fullLoad(subject);
  console.log(
    `${subject.name}; busiest: ${subject.network.stations[station]!.name}, full at ${full.toFixed(0)} users/s`,
  );
  console.log(
    `${seeds} seeds of ${seconds} s; fluid against the mean of the discrete-event solver, and its 95 % interval`,
  );
  console.log('load  entry            users/s            mean, ms                        p99, ms');
  for (const load of UTILISATIONS) {
    const arrivals = subject.mix.map((share) => share * full * load);
    const fluid = measure(fluidSolver, subject, arrivals, 1, WARM_UP, 60);
    const discrete = Array.from({ length: seeds }, (_, i) =>
      measure(discreteEventSolver, subject, arrivals, i + 1, WARM_UP, seconds),
    );
    for (let entry = 0; entry <= subject.network.entries.length; entry++) {
      const edge = subject.network.entries[entry];
      const name = edge === undefined ? 'all' : subject.network.edges[edge]!.name;
      const cells = [
        compare(
          fluid.rate[entry]!,
          discrete.map(({ rate }) => rate[entry]!),
          1,
        ),
        compare(
          fluid.mean[entry]!,
          discrete.map(({ mean }) => mean[entry]!),
          1000,
        ),
        compare(
          fluid.p99[entry]!,
          discrete.map(({ p99 }) => p99[entry]!),
          1000,
        ),
      ];
      console.log(`${(load * 100).toFixed(0).padStart(3)} %  ${name.padEnd(14)}${cells.join('   ')}`);
    }
  }
}

function compare(fluid: number, discrete: readonly number[], unit: number): string {
  const mean = average(discrete);
  const deviation = Math.sqrt(average(discrete.map((value) => (value - mean) ** 2)));
  const half = (2.2 * deviation) / Math.sqrt(Math.max(1, discrete.length - 1));
  const error = ((fluid / mean - 1) * 100).toFixed(1);
  return `${(fluid * unit).toFixed(1).padStart(7)} ${(mean * unit).toFixed(1).padStart(7)} ±${(half * unit).toFixed(1).padEnd(5)} ${error.padStart(6)} %`;
}

/** Users per second at which the busiest station is full, from the fluid at a small load. */
function fullLoad(subject: Subject): { full: number; station: number } {
  const { network, parameters } = subject;
  const flows = createFlows(network);
  const state = fluidSolver.create(network, parameters, 1);
  const probe = 1 / subject.mix.reduce((sum, share) => sum + share, 0);
  for (let i = 0; i < WARM_UP; i++) {
    fluidSolver.step(
      network,
      parameters,
      subject.mix.map((share) => share * probe),
      state,
      flows,
    );
  }
  let [most, station] = [0, 0];
  for (const { index, kind } of network.stations) {
    if (kind === 'delay') continue;
    let [busy, workers] = [0, 0];
    for (let cell = index * CELLS_PER_STATION; cell < (index + 1) * CELLS_PER_STATION; cell++) {
      busy += flows.busyWorkers[cell]!;
      workers += parameters.cells.servers[cell]! * parameters.cells.workers[cell]!;
    }
    if (busy / workers > most) [most, station] = [busy / workers, index];
  }
  return { full: probe / most, station };
}

function measure<S extends object>(
  solver: Solver<S>,
  { network, parameters }: Subject,
  arrivals: Float64Array,
  seed: number,
  warmUp: number,
  seconds: number,
): Figures {
  const flows = createFlows(network);
  const state = solver.create(network, parameters, seed);
  for (let i = 0; i < warmUp; i++) solver.step(network, parameters, arrivals, state, flows);
  const before = structuredClone(flows);
  for (let i = 0; i < seconds; i++) solver.step(network, parameters, arrivals, state, flows);
  const bounds = network.userBounds;
  const groups = [...network.entries.map((_, entry) => [entry]), network.entries.map((_, entry) => entry)];
  const grown = (read: (flows: Flows) => Float64Array, at: number) => read(flows)[at]! - read(before)[at]!;
  const figures: Figures = { rate: [], mean: [], p99: [] };
  for (const group of groups) {
    let [ok, sum] = [0, 0];
    const buckets = new Float64Array(bounds.length + 1);
    for (const entry of group) {
      ok += grown(({ userOk }) => userOk, entry);
      sum += grown(({ userDurationSum }) => userDurationSum, entry);
      for (let i = 0; i < buckets.length; i++) {
        buckets[i]! += grown(({ userBuckets }) => userBuckets, entry * buckets.length + i);
      }
    }
    figures.rate.push(ok / seconds);
    figures.mean.push(sum / ok);
    figures.p99.push(quantile(buckets, bounds, 0.99));
  }
  return figures;
}

/** Linear within the bucket. */
function quantile(buckets: Float64Array, bounds: Float64Array, probability: number): number {
  let left = buckets.reduce((sum, count) => sum + count, 0) * probability;
  for (let i = 0; i < bounds.length; i++) {
    const low = i === 0 ? 0 : bounds[i - 1]!;
    if (left <= buckets[i]!) return low + ((bounds[i]! - low) * left) / buckets[i]!;
    left -= buckets[i]!;
  }
  return Infinity;
}

/** A crowd of half as much again as fits for 30 s, then 60 % again: seconds until the queues are as before. */
function compareDrains(subject: Subject, seeds: number): void {
  const fluid = drain(fluidSolver, subject, 1);
  const discrete = Array.from({ length: seeds }, (_, i) => drain(discreteEventSolver, subject, i + 1));
  console.log(`seconds to drain an overload: ${compare(fluid, discrete, 1)}`);
}

function drain<S extends object>(solver: Solver<S>, subject: Subject, seed: number): number {
  const { network, parameters, mix } = subject;
  const { full } = fullLoad(subject);
  const flows = createFlows(network);
  const state = solver.create(network, parameters, seed);
  const at = (load: number) => mix.map((share) => share * full * load);
  const waiting = () => flows.queued.reduce((sum, count) => sum + count, 0);
  const step = (load: number) => solver.step(network, parameters, at(load), state, flows);
  let usual = 0;
  for (let i = 0; i < 200; i++) {
    step(0.6);
    if (i >= 100) usual = Math.max(usual, waiting());
  }
  for (let i = 0; i < 30; i++) step(1.5);
  let seconds = 0;
  while (waiting() > 2 * usual + 5 && seconds < 600) {
    step(0.6);
    seconds++;
  }
  return seconds;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
