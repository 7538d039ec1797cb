import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { namesComponent } from '../timeline/component-effects.js';
import type { Endpoints } from './endpoints.js';
import type { Member } from './placement.js';
import { shareByStation } from './places.js';
import { trafficPlanOf } from './traffic-plan.js';

/**
 * Writes the share of calls that fail at once, per route: nobody there, a full database, no name, no valid certificate,
 * a dependency that is down. What goes to machines that are gone is lost instead. Clocks that are off are the pods' own
 * business: they answer with errors before they call anybody.
 *
 * @param members null: no fault is in force and no certificate has expired
 */
export function writeRefusals(
  fleet: Fleet,
  state: SimulationState,
  { serving, hanging, dark }: Endpoints,
  members: readonly Member[] | null,
): void {
  const { routes, edges, stations } = fleet.network;
  const { callees } = trafficPlanOf(fleet);
  const { routeLoss, routeRefuse } = state.parameters;
  for (let route = 0; route < routeRefuse.length; route++) {
    const gone = dark[route] === 1 ? 1 : hanging[route]!;
    routeLoss[route] = gone === 0 ? 0 : gone / (gone + serving[route]!);
    const nobody = serving[route]! + gone === 0 && stations[callees[route]!]!.dispatch !== 'shared';
    routeRefuse[route] = nobody || refusesWrites(fleet, state, route) ? 1 : 0;
  }
  if (members === null) return;
  const expired = expiredShares(fleet, state, members);
  for (let route = 0; route < routeRefuse.length; route++) {
    const edge = routes.edge[route]!;
    if (edges[edge]!.async) continue;
    const callee = callees[route]!;
    let passes = 1 - expired[callee]!;
    for (const fault of state.timeline.active) passes *= 1 - refusedShare(fleet, fault, edge, callee);
    routeRefuse[route] = 1 - (1 - routeRefuse[route]!) * passes;
  }
}

/** A primary with a full disk. */
function refusesWrites({ network, roles }: Fleet, { stores }: SimulationState, route: number): boolean {
  const operation = network.operations[network.routes.target[route]!]!;
  const role = roles[operation.station]!;
  return role.kind === 'database-primary' && operation.name === 'write' && stores.databases[role.component]!.diskFull;
}

/** A pod loads its service's certificate when it starts; one that started before the expiry shows the old one. */
function expiredShares(fleet: Fleet, { step }: SimulationState, members: readonly Member[]): Float64Array {
  return shareByStation(fleet, members, ({ station, startedAt }) => {
    const { spec } = fleet.components[fleet.roles[station]!.component]!;
    return 'certificateExpires' in spec && step >= spec.certificateExpires && startedAt < spec.certificateExpires;
  });
}

function refusedShare(fleet: Fleet, fault: ActiveFault, edge: number, station: number): number {
  const { kind, target, settings, level } = fault;
  const { caller, callee, cluster } = fleet.calls[edge]!;
  const clusterName = (index: number): string | undefined => fleet.clusters[index]?.spec.name;
  const named = namesComponent(fault, fleet.components[callee]!.name);
  switch (kind) {
    case 'dns-failure':
      // Names are looked up where the caller is; users ask a public resolver.
      if (target.service !== undefined || target.store !== undefined ? !named : caller < 0) return 0;
      return target.cluster === undefined || target.cluster === clusterName(cluster) ? settings['ratio']! : 0;
    case 'dependency-down':
    case 'certificate-expiry': {
      const here = target.cluster === undefined || target.cluster === clusterName(fleet.roles[station]!.cluster);
      if (!named || !here) return 0;
      return (target.share ?? 1) * (kind === 'dependency-down' ? settings['ratio']! : level);
    }
    default:
      return 0;
  }
}
