import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { areReplicasCurrent } from '../stores/read-replicas.js';
import type { Endpoints } from './endpoints.js';

/**
 * Writes the weights of all routes but those of entries. A service is called in the caller's own cluster while it has a
 * ready pod there, otherwise in the others, by their number of pods. Reads go to a database's replicas while it has any
 * (and is told to) that are not too far behind. Messages go to consumers wherever they are. Where nobody is ready the
 * local route stays, so that calls have somewhere to fail. Pods that are lost without anybody knowing count as ready.
 */
export function writeRouteWeights(fleet: Fleet, state: SimulationState, { serving, hanging }: Endpoints): void {
  const ready = serving.map((count, route) => count + hanging[route]!);
  const { routes, edges } = fleet.network;
  const { routeWeight } = state.parameters;
  for (let edge = 0; edge < edges.length; edge++) {
    const from = routes.offset[edge]!;
    const to = routes.offset[edge + 1]!;
    if (edges[edge]!.from < 0 || to - from < 2) continue;
    const role = fleet.roles[stationAt(fleet, from)]!;
    if (role.kind === 'database-primary') writeReadWeights(fleet, state, ready, from);
    else writeServiceWeights(fleet, routeWeight, ready, edge);
  }
}

/** Primary first, then the replicas. */
function writeReadWeights(fleet: Fleet, state: SimulationState, ready: Int32Array, from: number): void {
  const { routeWeight } = state.parameters;
  const { component } = fleet.roles[stationAt(fleet, from)]!;
  const { spec } = fleet.components[component]!;
  const isReadable = ready[from + 1]! > 0 && areReplicasCurrent(state.stores.databases[component]!);
  const toReplicas = 'readFromReplicas' in spec && spec.readFromReplicas && isReadable;
  routeWeight[from] = toReplicas ? 0 : 1;
  routeWeight[from + 1] = toReplicas ? 1 : 0;
}

function writeServiceWeights(fleet: Fleet, routeWeight: Float64Array, ready: Int32Array, edge: number): void {
  const { routes, edges } = fleet.network;
  const from = routes.offset[edge]!;
  const to = routes.offset[edge + 1]!;
  const home = fleet.calls[edge]!.cluster;
  let local = -1;
  let anywhere = 0;
  for (let route = from; route < to; route++) {
    anywhere += ready[route]!;
    if (fleet.roles[stationAt(fleet, route)]!.cluster === home) local = route;
  }
  const stays = !edges[edge]!.async && local >= 0 && (ready[local]! > 0 || anywhere === 0);
  for (let route = from; route < to; route++) {
    if (stays) routeWeight[route] = route === local ? 1 : 0;
    else routeWeight[route] = anywhere === 0 ? 1 : ready[route]!;
  }
}

function stationAt({ network }: Fleet, route: number): number {
  return network.operations[network.routes.target[route]!]!.station;
}
