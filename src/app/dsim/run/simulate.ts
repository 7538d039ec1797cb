import { setImmediate } from 'node:timers/promises';
import { createGroundTruth, stepWithGroundTruth } from '../../../engine/simulation/counterfactual/ground-truth.js';
import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { Watcher } from '../../../engine/scorecard/watcher.js';
import { stepSimulation } from '../../../engine/simulation/simulation.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';
import type { ScrapeFrame, TelemetrySink } from '../../../engine/simulation/telemetry/telemetry.types.js';

/** Milliseconds of simulating between two looks at signals and progress. */
const SLICE = 50;

export interface SimulateOptions {
  readonly sink: TelemetrySink;
  readonly groundTruth: boolean;
  /** Null: nobody watches the run. */
  readonly watcher: Watcher | null;
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
  const { watcher } = options;
  let scraped: ScrapeFrame | null = null;
  const sink: TelemetrySink =
    watcher === null
      ? options.sink
      : {
          ...options.sink,
          scrape: (frame) => {
            scraped = frame;
            options.sink.scrape?.(frame);
          },
        };
  while (state.step < duration && !options.interrupted()) {
    const until = options.now() + SLICE;
    do {
      if (truth === null) stepSimulation(simulation, sink);
      else stepWithGroundTruth(simulation, truth, stepSimulation, sink);
      if (watcher === null || scraped === null) continue;
      await watcher.scrape(scraped);
      scraped = null;
    } while (state.step < duration && options.now() < until);
    options.progress(state.step);
    await setImmediate();
  }
  return truth?.faults ?? null;
}
