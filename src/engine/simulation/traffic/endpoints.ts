import type { Fleet } from '../model/fleet.types.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import type { SimulationState } from '../simulation.types.js';
import { trafficPlanOf } from './traffic-plan.js';

/**
 * Seconds until a load balancer at the edge stops sending users to a pod that does not answer: two checks 15 s apart.
 * Source: AWS Load Balancer Controller, Ingress annotations `healthcheck-interval-seconds`, `unhealthy-threshold-count`.
 */
export const EDGE_CHECK_SECONDS = 30;

/** Where calls can end up, by route. */
export interface Endpoints {
  /** Servers that take requests. */
  readonly serving: Int32Array;
  /**
   * Pods of lost nodes that callers still believe in. A machine that is gone refuses nothing: what is sent there hangs
   * until the caller gives up.
   */
  readonly hanging: Int32Array;
  /** 1 where the place itself is gone, so that nobody is left to refuse. */
  readonly dark: Uint8Array;
  /** Step at which load balancers notice the next lost pod; Infinity: they know all. */
  readonly noticedAt: number;
}

/**
 * Within clusters, endpoints follow the Ready condition, which a lost pod keeps until its node is NotReady. Users come
 * through load balancers, which look for themselves.
 */
export function endpointsOf(fleet: Fleet, state: SimulationState): Endpoints {
  const { callers, callees } = trafficPlanOf(fleet);
  const { stations } = fleet.network;
  const { servers } = state.parameters.cells;
  const inside = new Int32Array(stations.length);
  const atEdge = new Int32Array(stations.length);
  const noticedAt = countLost(fleet, state, inside, atEdge);
  const serving = new Int32Array(callees.length);
  const hanging = new Int32Array(callees.length);
  const dark = new Uint8Array(callees.length);
  for (let route = 0; route < callees.length; route++) {
    const callee = callees[route]!;
    const first = callee * CELLS_PER_STATION;
    for (let cell = first; cell < first + CELLS_PER_STATION; cell++) serving[route]! += servers[cell]!;
    if (stations[callee]!.dispatch === 'shared') continue;
    hanging[route] = (callers[route]! < 0 ? atEdge : inside)[callee]!;
    if (serving[route] === 0 && isDark(fleet, state, callers[route]!, callee)) dark[route] = 1;
  }
  return { serving, hanging, dark, noticedAt };
}

/** Counts lost pods by station, as callers inside and load balancers see them. When the latter learn of the next. */
function countLost(
  { deployments }: Fleet,
  { platform, step, timeline }: SimulationState,
  inside: Int32Array,
  atEdge: Int32Array,
): number {
  let noticedAt = Infinity;
  if (timeline.active.length === 0) return noticedAt;
  for (const pod of platform.pods) {
    if (pod === null || !pod.ready || pod.deletedAt >= 0 || (pod.lostAt ?? -1) < 0) continue;
    const { station } = deployments[pod.deployment]!;
    inside[station]!++;
    const due = pod.lostAt! + EDGE_CHECK_SECONDS;
    if (due <= step) continue;
    atEdge[station]!++;
    noticedAt = Math.min(noticedAt, due);
  }
  return noticedAt;
}

/**
 * Whether a station that serves nobody stood in zones that are lost. Calls between services find the endpoints of their
 * cluster empty in the end; users find a load balancer, unless all zones of its region are lost.
 */
function isDark({ clusters, roles }: Fleet, { stores }: SimulationState, caller: number, callee: number): boolean {
  const { cluster, component, kind } = roles[callee]!;
  switch (kind) {
    case 'service':
      return caller < 0 && clusters[cluster]!.zones.every((zone) => stores.lostZones[zone] === 1);
    case 'database-primary':
      return stores.lostZones[stores.databases[component]!.primary.zone] === 1;
    case 'cache':
      return stores.lostZones[stores.caches[component]!.instance.zone] === 1;
    case 'queue':
    case 'external':
      return true;
    case 'database-replicas':
      return false;
  }
}
