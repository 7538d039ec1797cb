import type { Pod } from '../kubernetes/platform-state.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { storePlanOf } from '../stores/store-plan.js';

/** Something that calls or answers, a ready pod or an instance of a store, and where it stands. */
export interface Member {
  readonly station: number;
  /** -1: nowhere that we know. */
  readonly zone: number;
  readonly cluster: number;
  readonly node: string | null;
  readonly version: string | null;
  readonly startedAt: number;
}

/** Calls back with the station and zone of every ready pod and every instance of a store that serves. */
export function eachInstance(
  fleet: Fleet,
  state: SimulationState,
  visit: (station: number, zone: number) => void,
): void {
  const { pods, nodes } = state.platform;
  for (const pod of pods) {
    if (pod === null || !isThere(pod)) continue;
    visit(fleet.deployments[pod.deployment]!.station, nodes[pod.node]?.zone ?? -1);
  }
  eachStoreInstance(fleet, state, visit);
}

/** Ready pods and serving instances with all that faults ask about. */
export function membersOf(fleet: Fleet, state: SimulationState): Member[] {
  const members: Member[] = [];
  const { pods, nodes, deployments } = state.platform;
  for (const pod of pods) {
    if (pod === null || !isThere(pod)) continue;
    const { station, cluster } = fleet.deployments[pod.deployment]!;
    const node = nodes[pod.node] ?? null;
    members.push({
      station,
      zone: node?.zone ?? -1,
      cluster,
      node: node?.name ?? null,
      version: deployments[pod.deployment]?.versions[pod.version]?.name ?? null,
      startedAt: pod.startedAt,
    });
  }
  eachStoreInstance(fleet, state, (station, zone) => {
    const { cluster } = fleet.roles[station]!;
    members.push({ station, zone, cluster, node: null, version: null, startedAt: -1 });
  });
  return members;
}

/** Ready, and not on a machine that has vanished in the meantime. */
function isThere({ lostAt = -1, node, ready }: Pod): boolean {
  return ready && node >= 0 && lostAt < 0;
}

function eachStoreInstance(
  fleet: Fleet,
  { stores, step }: SimulationState,
  visit: (station: number, zone: number) => void,
): void {
  const plan = storePlanOf(fleet);
  for (const { component } of plan.databases) {
    const { stations } = fleet.components[component]!;
    const { primary, replicas } = stores.databases[component]!;
    if (primary.upAt <= step) visit(stations[0]!, primary.zone);
    for (const { zone, upAt } of replicas) if (upAt <= step) visit(stations[1]!, zone);
  }
  for (const { component } of plan.caches) {
    const { zone, upAt } = stores.caches[component]!.instance;
    if (upAt <= step) visit(fleet.components[component]!.stations[0]!, zone);
  }
  for (const { component, zones } of [...plan.queues, ...plan.externals]) {
    const [station] = fleet.components[component]!.stations;
    if (zones.length === 0) visit(station!, -1);
    for (const zone of zones) if (stores.lostZones[zone] === 0) visit(station!, zone);
  }
}
