import type { Flows } from './flows.types.js';
import type { Network } from './network.types.js';
import type { NetworkParameters } from './parameters.types.js';

/** Length of a step, seconds of simulated time. */
export const STEP_SECONDS = 1;

export type SolverName = 'fluid' | 'discrete-event';

/**
 * Moves requests through the network. All that a solver remembers is in its state: plain data (typed arrays, arrays,
 * plain objects), so that a structured copy of it is a snapshot from which a run goes on with the same bytes.
 */
export interface Solver<State extends object> {
  readonly name: SolverName;
  create(network: Network, parameters: NetworkParameters, seed: number): State;
  /**
   * Advances by `STEP_SECONDS`.
   *
   * @param arrivals users per second by entry, constant over the step, at least 0
   * @param flows counters to add to, gauges to overwrite
   */
  step(network: Network, parameters: NetworkParameters, arrivals: Float64Array, state: State, flows: Flows): void;
}
