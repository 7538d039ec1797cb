import { setImmediate } from 'node:timers/promises';
import { createGroundTruth, stepWithGroundTruth } from '../../../engine/simulation/counterfactual/ground-truth.js';
import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import { stepSimulation } from '../../../engine/simulation/simulation.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';
import type { TelemetrySink } from '../../../engine/simulation/telemetry/telemetry.types.js';

/** Milliseconds of simulating between two looks at signals and progress. */
const SLICE = 50;

export interface SimulateOptions {
  readonly sink: TelemetrySink;
  readonly groundTruth: boolean;
  readonly interrupted: () => boolean;
  readonly progress: (second: number) => void;
  /** Milliseconds, for slicing only: what is simulated does not depend on it. */
  readonly now: () => number;
}

/** Runs to the planned end, or until it is interrupted: always to the end of a step. */
export async function simulate(
  simulation: Simulation,
  options: SimulateOptions,
): Promise<readonly FaultTruth[] | null> {
  const { state, fleet } = simulation;
  const truth = options.groundTruth ? createGroundTruth() : null;
  const { duration } = fleet.scenario;
  while (state.step < duration && !options.interrupted()) {
    const until = options.now() + SLICE;
    do {
      if (truth === null) stepSimulation(simulation, options.sink);
      else stepWithGroundTruth(simulation, truth, stepSimulation, options.sink);
    } while (state.step < duration && options.now() < until);
    options.progress(state.step);
    await setImmediate();
  }
  return truth?.faults ?? null;
}
