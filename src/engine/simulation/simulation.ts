import type { Change, Scenario } from '../scenario/scenario.types.js';
import type { FaultSpec } from '../scenario/fault.types.js';
import { createAccount, stepAccount } from './account/account.js';
import { discreteEventSolver } from './discrete/discrete-event-solver.js';
import { fluidSolver } from './fluid/fluid-solver.js';
import { applyPlatformChange, createPlatform, stepPlatform } from './kubernetes/platform.js';
import { applyLoadChange, createLoad, stepLoad } from './load/load.js';
import { compileFleet } from './model/compile-fleet.js';
import { createFlows, createParameters } from './model/create-network.js';
import type { Solver, SolverName } from './model/solver.types.js';
import type { Simulation, SimulationOptions, SimulationState } from './simulation.types.js';
import { applyStoreChange, createStores, stepStores } from './stores/stores.js';
import { createTelemetry, emitRecords, scrapeTelemetry } from './telemetry/telemetry.js';
import type { TelemetrySink } from './telemetry/telemetry.types.js';
import { advanceTimeline, createTimeline } from './timeline/timeline.js';
import { applyTrafficChange, createTraffic, stepTraffic } from './traffic/traffic.js';

const SOLVERS: Readonly<Record<SolverName, Solver<object>>> = {
  fluid: fluidSolver,
  'discrete-event': discreteEventSolver,
};

/**
 * A run at its first step: the fleet settled, caches warm, nobody asking yet.
 *
 * @throws InvalidScenarioError where the scenario cannot be a fleet
 */
export function createSimulation(scenario: Scenario, options: SimulationOptions = {}): Simulation {
  const fleet = compileFleet(scenario);
  const seed = options.seed ?? scenario.seed;
  const solver = options.solver ?? 'fluid';
  const parameters = createParameters(fleet.network);
  const { platform, control } = createPlatform(fleet, parameters, seed);
  const state: SimulationState = {
    seed,
    solver,
    step: 0,
    parameters,
    flows: createFlows(fleet.network),
    platform,
    control,
    stores: createStores(fleet, parameters),
    account: createAccount(fleet),
    timeline: createTimeline(fleet),
    load: createLoad(fleet, seed),
    traffic: createTraffic(fleet),
    network: SOLVERS[solver].create(fleet.network, parameters, seed),
    telemetry: createTelemetry(fleet, seed),
    arrivals: new Float64Array(fleet.network.entries.length),
  };
  return { fleet, state };
}

/**
 * One second of simulated time. The order is that of cause and effect: what people and faults do, what the platform
 * makes of it, what users ask, what becomes of their requests, what monitoring sees.
 */
export function stepSimulation({ fleet, state }: Simulation, sink: TelemetrySink = {}): void {
  const { scrapeInterval } = fleet.scenario.telemetry;
  if (state.step === 0) scrapeTelemetry(fleet, state, sink);
  for (const change of advanceTimeline(fleet, state.timeline, state.step)) applyChange(fleet, state, change);
  stepPlatform(fleet, state);
  stepStores(fleet, state);
  stepTraffic(fleet, state);
  stepLoad(fleet, state, state.arrivals);
  SOLVERS[state.solver].step(fleet.network, state.parameters, state.arrivals, state.network, state.flows);
  stepAccount(fleet, state);
  emitRecords(fleet, state, sink);
  state.step += 1;
  if (state.step % scrapeInterval === 0) scrapeTelemetry(fleet, state, sink);
}

/**
 * Adds a fault; `at` in the past means now. It begins with the next step at the earliest.
 *
 * @param fault its name must not be in use by a fault that has not ended
 */
export function injectFault({ state }: Simulation, fault: FaultSpec): void {
  const at = Math.max(fault.at, state.step);
  state.timeline.faults.push({ ...fault, at });
  state.timeline.faults.sort((a, b) => a.at - b.at);
}

/** Ends a fault with the next step, or forgets one that has not begun. False where there is none of that name. */
export function clearFault({ state }: Simulation, name: string): boolean {
  const index = state.timeline.faults.findIndex((fault) => fault.name === name);
  if (index < 0) return false;
  const fault = state.timeline.faults[index]!;
  if (fault.at >= state.step) state.timeline.faults.splice(index, 1);
  else state.timeline.faults[index] = { ...fault, duration: Math.max(0, state.step - fault.at) };
  return true;
}

/** Adds a change, to be made with the next step or at `at`, seconds from the start, if that lies ahead. */
export function requestChange({ state }: Simulation, change: Change, at = 0): void {
  state.timeline.changes.push({ ...change, at: Math.max(at, state.step) });
  state.timeline.changes.sort((a, b) => a.at - b.at);
}

/** A copy of all that the run remembers. `restoreSimulation` goes on from it with the same bytes. */
export function snapshotOf({ state }: Simulation): SimulationState {
  return structuredClone(state);
}

/** @param state as `snapshotOf` gave it, for the same scenario; the run takes it over. */
export function restoreSimulation(scenario: Scenario, state: SimulationState): Simulation {
  return { fleet: compileFleet(scenario), state };
}

function applyChange(fleet: Simulation['fleet'], state: SimulationState, change: Change): void {
  switch (change.kind) {
    case 'load':
      return applyLoadChange(fleet, state, change);
    case 'traffic':
      return applyTrafficChange(fleet, state, change);
    case 'failover':
      return applyStoreChange(fleet, state, change);
    default:
      return applyPlatformChange(fleet, state, change);
  }
}
