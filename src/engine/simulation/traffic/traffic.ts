import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { createBreakers, stepBreakers } from './breakers.js';
import { findLeaks, stepLeaks, writePools } from './connection-leaks.js';
import { endpointsOf } from './endpoints.js';
import { changeEntryWeights, createEntryShares, judgeEntries, retargetEntries, shiftEntries } from './entry-weights.js';
import { addLinkFaults } from './link-faults.js';
import { createShedding, stepShedding } from './load-shedding.js';
import { membersOf } from './placement.js';
import { writeRefusals } from './refusals.js';
import { createBudgets, stepBudgets } from './retry-budgets.js';
import { writePatience } from './retry-storms.js';
import { writeRouteDelays } from './route-delays.js';
import { writeRouteWeights } from './route-weights.js';
import { trafficPlanOf } from './traffic-plan.js';
import type { TrafficState } from './traffic-state.types.js';

/** Breakers closed, budgets unused, users where the scenario sends them. */
export function createTraffic(fleet: Fleet): TrafficState {
  const plan = trafficPlanOf(fleet);
  return {
    seen: { active: null, platform: -1, stores: -1, nextLook: plan.expiries[0] ?? Infinity },
    entries: createEntryShares(fleet),
    leaks: [],
    leakedPerPod: new Float64Array(fleet.deployments.length),
    breakers: createBreakers(plan.breakers),
    budgets: createBudgets(plan),
    shedding: createShedding(plan),
  };
}

/**
 * Decides how calls travel in this step: writes all parameters of routes and edges, and the shedding of services.
 * Routes are written only when faults, weights, pods or stores have changed; what follows the flows (breakers, budgets,
 * shedding) moves every step.
 */
export function stepTraffic(fleet: Fleet, state: SimulationState): void {
  const traffic = state.traffic as TrafficState;
  const plan = trafficPlanOf(fleet);
  const { parameters, flows, step } = state;
  if (hasChanged(state, traffic)) writeRoutes(fleet, state, traffic);
  shiftEntries(fleet, traffic.entries, parameters.routeWeight);
  stepLeaks(fleet, state, traffic);
  stepBreakers(plan.breakers, traffic.breakers, flows, step, parameters.edgeAdmit);
  stepBudgets(plan, traffic.budgets, flows, step, parameters.edgeRetryShare);
  stepShedding(plan, traffic.shedding, fleet.network, flows, parameters.cells);
}

/** Sends users elsewhere, as a change of weights at the load balancer or in DNS. Other changes are not for traffic. */
export function applyTrafficChange(fleet: Fleet, state: SimulationState, change: Change): void {
  const traffic = state.traffic as TrafficState;
  changeEntryWeights(fleet, traffic.entries, change);
  if (change.kind === 'traffic') traffic.seen.platform = -1;
}

function hasChanged({ timeline, platform, stores, step }: SimulationState, { seen }: TrafficState): boolean {
  return (
    seen.active !== timeline.active ||
    seen.platform !== platform.generation ||
    seen.stores !== stores.generation ||
    step >= seen.nextLook
  );
}

function writeRoutes(fleet: Fleet, state: SimulationState, traffic: TrafficState): void {
  const { seen, entries, leaks, leakedPerPod } = traffic;
  const { timeline, platform, stores, parameters, step } = state;
  const first = seen.active === null;
  if (seen.active !== timeline.active) writePatience(fleet, state);
  const { expiries } = trafficPlanOf(fleet);
  seen.active = timeline.active;
  seen.platform = platform.generation;
  seen.stores = stores.generation;

  const endpoints = endpointsOf(fleet, state);
  const judgedAt = judgeEntries(entries, endpoints.serving, step);
  const expiresAt = expiries.find((at) => at > step) ?? Infinity;
  seen.nextLook = Math.min(endpoints.noticedAt, judgedAt, expiresAt);
  retargetEntries(fleet, entries);
  if (first) parameters.routeWeight.set(entries.current);
  writeRouteWeights(fleet, state, endpoints);
  writeRouteDelays(fleet, state);
  const calm = timeline.active.length === 0 && !(expiries[0]! <= step);
  const members = calm ? null : membersOf(fleet, state);
  writeRefusals(fleet, state, endpoints, members);
  if (members !== null) addLinkFaults(fleet, state, members);

  findLeaks(fleet, state, leaks);
  if (leaks.length === 0) {
    leakedPerPod.fill(0);
    writePools(fleet, state, leakedPerPod);
  }
}
