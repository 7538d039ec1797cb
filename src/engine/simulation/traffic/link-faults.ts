import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import type { Member } from './placement.js';
import { isIn, shareByStation } from './places.js';
import { trafficPlanOf } from './traffic-plan.js';

/** Adds delay and loss of faults between two places, in proportion to the pairs of caller and callee they lie between. */
export function addLinkFaults(fleet: Fleet, state: SimulationState, members: readonly Member[]): void {
  const { callers, callees } = trafficPlanOf(fleet);
  const { edges, routes } = fleet.network;
  const { routeDelay, routeLoss } = state.parameters;
  for (const fault of state.timeline.active) {
    const effect = effectOf(fault);
    if (effect === null) continue;
    const share = crossingShare(fleet, members, fault);
    for (let route = 0; route < callers.length; route++) {
      // Brokers keep trying to hand their messages on: none of them is lost on the way.
      if (edges[routes.edge[route]!]!.async) continue;
      const crossing = share(callers[route]!, callees[route]!);
      routeDelay[route]! += crossing * effect.delay;
      routeLoss[route] = 1 - (1 - routeLoss[route]!) * (1 - crossing * effect.loss);
    }
  }
}

function effectOf({ kind, settings, level }: ActiveFault): { readonly delay: number; readonly loss: number } | null {
  if (kind === 'network-latency') return { delay: settings['delay']!, loss: 0 };
  if (kind === 'network-loss') return { delay: 0, loss: settings['ratio']! };
  return kind === 'network-partition' ? { delay: 0, loss: level } : null;
}

/**
 * Share of the pairs of a caller's pods and a callee's that lie on both sides of a fault. With one place named, the
 * other side is everything outside of it. Users (station -1) are in no place.
 */
function crossingShare(
  fleet: Fleet,
  members: readonly Member[],
  { target: { to, share = 1, ...here } }: ActiveFault,
): (caller: number, callee: number) => number {
  const isHere = (member: Member): boolean => isIn(fleet, member, here);
  const near = shareByStation(fleet, members, isHere);
  const at = (shares: Float64Array, station: number): number => (station < 0 ? 0 : shares[station]!);
  if (to === undefined) {
    return (caller, callee) => {
      const from = at(near, caller);
      const into = at(near, callee);
      return share * (from * (1 - into) + into * (1 - from));
    };
  }
  const far = shareByStation(fleet, members, (member) => isIn(fleet, member, to));
  const both = shareByStation(fleet, members, (member) => isHere(member) && isIn(fleet, member, to));
  return (caller, callee) => {
    const pairs = at(near, caller) * at(far, callee) + at(far, caller) * at(near, callee);
    return share * (pairs - at(both, caller) * at(both, callee));
  };
}
