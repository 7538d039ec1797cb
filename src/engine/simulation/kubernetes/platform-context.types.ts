import type { Fleet } from '../model/fleet.types.js';
import type { Flows } from '../model/flows.types.js';
import type { NetworkParameters } from '../model/parameters.types.js';
import type { StoresState } from '../stores.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import type { ControlState } from './control-state.types.js';
import type { PlatformPlan } from './platform-plan.js';
import type { PlatformState } from './platform-state.types.js';

/** What every controller works on during a step. */
export interface PlatformContext {
  readonly fleet: Fleet;
  readonly plan: PlatformPlan;
  readonly platform: PlatformState;
  readonly control: ControlState;
  readonly parameters: NetworkParameters;
  /** Of the step before; null while the fleet is being made. */
  readonly flows: Flows | null;
  readonly stores: StoresState | null;
  readonly active: readonly ActiveFault[];
  readonly step: number;
}
