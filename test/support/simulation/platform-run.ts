import type { FaultSpec } from '../../../src/engine/scenario/fault.types.js';
import type { Change, Scenario, VersionEffects } from '../../../src/engine/scenario/scenario.types.js';
import {
  createPlatform,
  applyPlatformChange,
  stepPlatform,
} from '../../../src/engine/simulation/kubernetes/platform.js';
import type { Pod } from '../../../src/engine/simulation/kubernetes/platform-state.types.js';
import { compileFleet } from '../../../src/engine/simulation/model/compile-fleet.js';
import { createFlows, createParameters } from '../../../src/engine/simulation/model/create-network.js';
import type { Fleet } from '../../../src/engine/simulation/model/fleet.types.js';
import { CELLS_PER_STATION } from '../../../src/engine/simulation/model/parameters.types.js';
import type { SimulationState } from '../../../src/engine/simulation/simulation.types.js';

/** A platform that is stepped alone, with flows written by the test instead of a solver. */
export interface PlatformRun {
  readonly fleet: Fleet;
  readonly state: SimulationState;
  /** Makes so many steps; `before` is called before each, with its number, to write flows. */
  steps(count: number, before?: (step: number) => void): void;
  /** Steps until `state.step` is `step`. */
  until(step: number, before?: (step: number) => void): void;
  change(change: Change): void;
  /** Puts a fault in force from now on, as the timeline would. */
  inject(fault: FaultSpec): void;
  clear(name: string): void;
  /** Of a service, those that are being deleted included. */
  pods(service: string): Pod[];
  /** First cell of a service's station. */
  cell(service: string): number;
  /** Adds to the counters of the first used cell, as if it had served so much in the last second. */
  serve(
    service: string,
    served: { readonly requests?: number; readonly cpu?: number; readonly inFlight?: number },
  ): void;
  reasons(): string[];
}

export const NEUTRAL: VersionEffects = {
  errorRatio: 0,
  latencyFactor: 1,
  cpuFactor: 1,
  leakPerRequest: 0,
  crashAfter: 0,
  neverReady: false,
};

export function runPlatform(scenario: Scenario): PlatformRun {
  const fleet = compileFleet(scenario);
  const parameters = createParameters(fleet.network);
  const { platform, control } = createPlatform(fleet, parameters, scenario.seed);
  const state = {
    seed: scenario.seed,
    solver: 'fluid',
    step: 0,
    parameters,
    flows: createFlows(fleet.network),
    platform,
    control,
    stores: { databases: {}, caches: {}, queues: {} },
    timeline: { faults: [], changes: [], active: [] },
  } as unknown as SimulationState;
  const station = (service: string): number => fleet.deployments.find(({ name }) => name === service)!.station;
  const run: PlatformRun = {
    fleet,
    state,
    steps: (count, before) => {
      for (let i = 0; i < count; i++) {
        before?.(state.step);
        stepPlatform(fleet, state);
        state.step += 1;
      }
    },
    until: (step, before) => run.steps(step - state.step, before),
    change: (change) => applyPlatformChange(fleet, state, change),
    inject: (spec) => {
      const { kind, settings, target } = spec;
      state.timeline.active = [...state.timeline.active, { spec, kind, target, since: state.step, level: 1, settings }];
    },
    clear: (name) => {
      state.timeline.active = state.timeline.active.filter(({ spec }) => spec.name !== name);
    },
    pods: (service) => {
      const { index } = fleet.deployments.find(({ name }) => name === service)!;
      return platform.pods.filter((pod) => pod?.deployment === index) as Pod[];
    },
    cell: (service) => station(service) * CELLS_PER_STATION,
    serve: (service, { requests = 0, cpu = 0, inFlight }) => {
      const first = station(service) * CELLS_PER_STATION;
      let cell = first;
      while (cell < first + CELLS_PER_STATION - 1 && parameters.cells.servers[cell] === 0) cell++;
      const row = cell * fleet.network.operationStride;
      state.flows.arrived[row]! += requests;
      state.flows.ok[row]! += requests;
      state.flows.cpuSeconds[cell]! += cpu;
      if (inFlight !== undefined) state.flows.inFlight[row] = inFlight;
    },
    reasons: () => platform.events.map(({ reason }) => reason),
  };
  return run;
}
