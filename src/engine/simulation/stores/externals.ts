import type { NetworkParameters } from '../model/parameters.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { ExternalState } from '../stores.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { workFactorOf } from '../timeline/component-effects.js';
import { healthyZone } from './lost-zones.js';
import type { ExternalPlan } from './store-plan.js';

export function configureExternal(
  plan: ExternalPlan,
  active: readonly ActiveFault[],
  { cells }: NetworkParameters,
): void {
  cells.errorRatio[plan.cell] = plan.spec.errorRatio;
  cells.workFactor[plan.cell] = workFactorOf(active, plan.spec.name);
}

/**
 * Above its rate limit it refuses the surplus, measured by what arrived in the last second.
 *
 * @returns whether calls must be routed anew
 */
export function stepExternal(plan: ExternalPlan, external: ExternalState, state: SimulationState): boolean {
  const { cells } = state.parameters;
  const rate = state.flows.arrived[plan.row]! - external.arrived;
  external.arrived += rate;
  cells.shedRatio[plan.cell] = rate > plan.spec.rateLimit ? 1 - plan.spec.rateLimit / rate : 0;
  const up = plan.zones.length === 0 || healthyZone(plan.zones, state.stores.lostZones) >= 0 ? 1 : 0;
  const changed = cells.servers[plan.cell] !== up;
  cells.servers[plan.cell] = up;
  return changed;
}
