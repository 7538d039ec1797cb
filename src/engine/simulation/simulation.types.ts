import type { Change } from '../scenario/scenario.types.js';
import type { FaultSpec } from '../scenario/fault.types.js';
import type { AccountState } from './account/account.types.js';
import type { PlatformState } from './kubernetes/platform-state.types.js';
import type { Fleet } from './model/fleet.types.js';
import type { Flows } from './model/flows.types.js';
import type { NetworkParameters } from './model/parameters.types.js';
import type { SolverName } from './model/solver.types.js';
import type { StoresState } from './stores.types.js';
import type { ActiveFault } from './timeline/active-fault.types.js';

export interface SimulationOptions {
  /** Default: the scenario's. Whole, 0 to 2^32 - 1. */
  readonly seed?: number;
  /** Default `fluid`. */
  readonly solver?: SolverName;
}

/**
 * Everything that a run remembers: plain data throughout (numbers, strings, arrays, plain objects, Maps, typed
 * arrays), no functions, no class instances. A structured copy is a snapshot; a run restored from it goes on with the
 * same bytes.
 */
export interface SimulationState {
  readonly seed: number;
  readonly solver: SolverName;
  /** Steps made, that is seconds since the scenario's start. */
  step: number;
  readonly parameters: NetworkParameters;
  readonly flows: Flows;
  readonly platform: PlatformState;
  readonly stores: StoresState;
  readonly account: AccountState;
  /** Memories of the parts, each its owner's business. */
  readonly timeline: TimelineState;
  readonly load: object;
  readonly traffic: object;
  readonly control: object;
  readonly network: object;
  readonly telemetry: object;
  /** Users per second by entry in the last step. */
  readonly arrivals: Float64Array;
}

export interface TimelineState {
  /** Planned and injected faults that have not ended, in order of their start. */
  readonly faults: FaultSpec[];
  /** Planned and requested changes that are still to come, in order of time. */
  readonly changes: (Change & { readonly at: number })[];
  /** In force during this step. */
  active: ActiveFault[];
}

/** A run: the compiled scenario and its state. */
export interface Simulation {
  readonly fleet: Fleet;
  readonly state: SimulationState;
}
