import type { Solver } from '../../../src/engine/simulation/model/solver.types.js';
import type { BuiltNetwork } from './network-fixture.js';

/** Runs a hand-made network under constant arrivals (per second, by entry), with a look at every step. */
export function runNetwork<State extends object>(
  solver: Solver<State>,
  { network, parameters, flows }: BuiltNetwork,
  options: {
    readonly seed: number;
    readonly seconds: number;
    readonly rates: readonly number[];
    readonly each?: (second: number, state: State) => void;
  },
): State {
  const state = solver.create(network, parameters, options.seed);
  const arrivals = Float64Array.from(options.rates);
  for (let second = 0; second < options.seconds; second++) {
    solver.step(network, parameters, arrivals, state, flows);
    options.each?.(second, state);
  }
  return state;
}

export interface Estimate {
  readonly mean: number;
  /** Half the width of the confidence interval. */
  readonly halfWidth: number;
}

/**
 * Mean and confidence interval from values that are independent of each other (replications, or long batches): normal
 * with Student's correction, as the Cornish-Fisher expansion gives it.
 *
 * @param z quantile of the standard normal: 1.96 for 95 %, 3.29 for 99.9 %
 */
export function estimate(values: readonly number[], z: number): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const degrees = n - 1;
  const student = z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
  return { mean, halfWidth: student * Math.sqrt(variance / n) };
}
