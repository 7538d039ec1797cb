import type { PlatformState, Pod } from '../kubernetes/platform-state.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { AccountState, ReplicaAccount, ServiceAccount } from './account.types.js';
import { replicaKey } from './replica-key.js';

/** Replicas, restarts and nodes. Pods and nodes are looked at only in steps in which something about them changed. */
export function accountPods(fleet: Fleet, state: SimulationState): void {
  const { account, platform } = state;
  const { memory } = account;
  const places = placesOf(fleet, account);
  if (memory.generation !== platform.generation) {
    const first = memory.generation < 0;
    memory.generation = platform.generation;
    countPods(account, platform, places);
    countReplicas(account, platform, places, first);
    memory.costRate = costRate(fleet, platform);
  }
  for (let d = 0; d < memory.ready.length; d++) {
    const ready = memory.ready[d]!;
    places.replicas[d]!.podSeconds += ready;
    memory.podSeconds += ready;
    places.services[places.serviceOf[d]!]!.podSeconds += ready;
    const waiting = memory.unschedulable[d]!;
    if (waiting > 0) {
      account.unschedulableSeconds += waiting;
      places.services[places.serviceOf[d]!]!.unschedulableSeconds += waiting;
    }
  }
}

/** The parts of an account by index, so that no step looks for them by name. */
interface Places {
  readonly replicas: readonly ReplicaAccount[];
  readonly services: readonly ServiceAccount[];
  /** By deployment: position in `services`. */
  readonly serviceOf: readonly number[];
}

const PLACES = new WeakMap<AccountState, Places>();

function placesOf(fleet: Fleet, account: AccountState): Places {
  let places = PLACES.get(account);
  if (places === undefined) {
    const names = Object.keys(account.services);
    places = {
      replicas: fleet.deployments.map((_, d) => account.replicas[replicaKey(fleet, d)]!),
      services: names.map((name) => account.services[name]!),
      serviceOf: fleet.deployments.map(({ spec }) => names.indexOf(spec.name)),
    };
    PLACES.set(account, places);
  }
  return places;
}

function countPods(account: AccountState, { pods }: PlatformState, places: Places): void {
  const { ready, unschedulable } = account.memory;
  ready.fill(0);
  unschedulable.fill(0);
  for (let slot = 0; slot < pods.length; slot++) {
    const pod = pods[slot];
    if (pod === null || pod === undefined) continue;
    if (pod.ready) ready[pod.deployment]! += 1;
    if (pod.unschedulable !== null && pod.deletedAt < 0) unschedulable[pod.deployment]! += 1;
    countRestarts(account, places.services[places.serviceOf[pod.deployment]!]!, pod, slot);
  }
}

function countRestarts(account: AccountState, service: ServiceAccount, pod: Pod, slot: number): void {
  const { podUid, podRestarts } = account.memory;
  const before = podUid[slot] === pod.uid ? podRestarts[slot]! : 0;
  podUid[slot] = pod.uid;
  podRestarts[slot] = pod.restarts;
  const restarts = pod.restarts - before;
  if (restarts <= 0) return;
  account.restarts += restarts;
  service.restarts += restarts;
  if (pod.lastTermination !== 'OOMKilled') return;
  account.oomKills += restarts;
  service.oomKills += restarts;
}

function countReplicas(account: AccountState, platform: PlatformState, places: Places, first: boolean): void {
  const { ready, unschedulable, desired } = account.memory;
  const readyOf = new Float64Array(places.services.length);
  const waitingOf = new Float64Array(places.services.length);
  for (let d = 0; d < ready.length; d++) {
    const service = places.serviceOf[d]!;
    readyOf[service]! += ready[d]!;
    waitingOf[service]! += unschedulable[d]!;
    noteReady(places.replicas[d]!, ready[d]!, first);
    const wanted = platform.deployments[d]!.replicas;
    if (!first && wanted !== desired[d]) {
      places.replicas[d]!.changes += 1;
      places.services[service]!.changes += 1;
    }
    desired[d] = wanted;
  }
  let waiting = 0;
  for (let s = 0; s < places.services.length; s++) {
    const service = places.services[s]!;
    noteReady(service, readyOf[s]!, first);
    service.maxUnschedulable = Math.max(service.maxUnschedulable, waitingOf[s]!);
    waiting += waitingOf[s]!;
  }
  account.maxUnschedulable = Math.max(account.maxUnschedulable, waiting);
}

function noteReady(replicas: ReplicaAccount, ready: number, first: boolean): void {
  replicas.min = first ? ready : Math.min(replicas.min, ready);
  replicas.max = Math.max(replicas.max, ready);
  replicas.last = ready;
}

/** US dollars per hour. A node is paid for from its order, also while it starts, as clouds bill. */
function costRate(fleet: Fleet, { nodes }: PlatformState): number {
  let rate = 0;
  for (const node of nodes) if (node !== null) rate += fleet.clusters[node.cluster]!.pools[node.pool]!.price;
  return rate;
}
