import type { Fleet } from '../model/fleet.types.js';
import { roundTrips } from './round-trips.js';

/** Indexes that are functions of the fleet alone. */
export interface TrafficPlan {
  /** Per route: station of the caller, -1 for users; station of the callee. */
  readonly callers: Int32Array;
  readonly callees: Int32Array;
  readonly roundTrips: Float64Array;
  readonly breakers: readonly BreakerPlan[];
  readonly budgets: readonly { readonly edge: number; readonly budget: number }[];
  readonly shedding: readonly { readonly station: number; readonly target: number }[];
  /** Per deployment: its edges with a pool. */
  readonly pools: readonly (readonly { readonly edge: number; readonly size: number }[])[];
  /** Steps at which certificates of services expire, ascending. */
  readonly expiries: readonly number[];
}

export interface BreakerPlan {
  readonly edge: number;
  /** Its part of the arrays by second. */
  readonly offset: number;
  readonly window: number;
  readonly errorRatio: number;
  readonly minimumCalls: number;
  readonly openFor: number;
  /** Steps after which the outcome of an attempt is known. */
  readonly patience: number;
}

const plans = new WeakMap<Fleet, TrafficPlan>();

/** A call without a timeout is given up after this many seconds (see `NetworkParameters.routeLoss`). */
const LONGEST_CALL = 60;

export function trafficPlanOf(fleet: Fleet): TrafficPlan {
  const known = plans.get(fleet);
  if (known !== undefined) return known;
  const plan = planTraffic(fleet);
  plans.set(fleet, plan);
  return plan;
}

function planTraffic(fleet: Fleet): TrafficPlan {
  const { network, calls, deployments, scenario } = fleet;
  const { routes, edges, operations } = network;
  const stationOf = (operation: number): number => (operation < 0 ? -1 : operations[operation]!.station);
  const expiries = scenario.services.map(({ certificateExpires }) => certificateExpires).filter(Number.isFinite);
  return {
    callers: Int32Array.from(routes.edge, (edge) => stationOf(edges[edge]!.from)),
    callees: Int32Array.from(routes.target, stationOf),
    roundTrips: roundTrips(fleet),
    breakers: planBreakers(fleet),
    budgets: calls.flatMap(({ retryBudget }, edge) =>
      edges[edge]!.retries > 0 && Number.isFinite(retryBudget) ? [{ edge, budget: retryBudget }] : [],
    ),
    shedding: deployments.flatMap(({ station, spec }) =>
      spec.loadShedding === null ? [] : [{ station, target: spec.loadShedding.targetQueueSeconds }],
    ),
    pools: deployments.map(({ station }) =>
      edges
        .filter(({ index, from }) => stationOf(from) === station && Number.isFinite(calls[index]!.poolSize))
        .map(({ index }) => ({ edge: index, size: calls[index]!.poolSize })),
    ),
    expiries: expiries.sort((a, b) => a - b),
  };
}

function planBreakers({ calls }: Fleet): BreakerPlan[] {
  const plan: BreakerPlan[] = [];
  let offset = 0;
  calls.forEach(({ breaker, timeout }, edge) => {
    if (breaker === null) return;
    const window = Math.max(1, Math.ceil(breaker.window));
    const patience = Math.ceil(Math.min(timeout, LONGEST_CALL)) + 1;
    plan.push({ edge, offset, window, patience, ...pick(breaker) });
    offset += window;
  });
  return plan;
}

function pick({ errorRatio, minimumCalls, openFor }: NonNullable<Fleet['calls'][number]['breaker']>) {
  return { errorRatio, minimumCalls, openFor };
}
