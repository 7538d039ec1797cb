import { bucketQuantile } from '../../../engine/simulation/account/bucket-quantile.js';
import { describeTarget } from '../../../engine/simulation/account/describe-target.js';
import { CELLS_PER_STATION } from '../../../engine/simulation/model/parameters.types.js';
import type { Deployment, Fleet } from '../../../engine/simulation/model/fleet.types.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';
import type { CountedFlows, RecentFlows } from './recent-flows.js';
import type {
  AccountStatus,
  EntryPointStatus,
  FaultStatus,
  ServiceStatus,
  SimulationStatus,
  SloStatus,
  StoreStatus,
} from './simulation-status.types.js';
import { countableRatio } from './user-view.js';

type Growth = ReturnType<RecentFlows['growth']>;

/** What people see of it now. */
export function describeSimulation(simulation: Simulation, recent: RecentFlows): SimulationStatus {
  const { fleet, state } = simulation;
  const growth = recent.growth(simulation);
  return {
    step: state.step,
    faults: state.timeline.active.map(({ spec, kind, level, since }): FaultStatus => ({
      name: spec.name,
      kind,
      where: describeTarget(kind, spec.target),
      level: tidy(level)!,
      since,
      until: tidy(spec.at + spec.duration),
    })),
    services: fleet.deployments.map((deployment) => describeService(simulation, deployment, growth)),
    stores: describeStores(simulation, growth),
    entryPoints: fleet.scenario.load.map(({ name }, entry) => describeEntryPoint(fleet, name, entry, growth)),
    slos: describeSlos(simulation),
    account: describeAccount(simulation),
    vocabulary: {
      clusters: fleet.clusters.map(({ spec }) => spec.name),
      regions: fleet.regions.map(({ name }) => name),
      zones: fleet.zones.map(({ name }) => name),
      clouds: [...new Set(fleet.regions.map(({ cloud }) => cloud))],
      nodes: state.platform.nodes.flatMap((node) => (node ? [node.name] : [])).slice(0, 200),
    },
  };
}

function describeService({ fleet, state }: Simulation, deployment: Deployment, growth: Growth): ServiceStatus {
  const control = state.platform.deployments[deployment.index]!;
  const pods = state.platform.pods.filter((pod) => pod?.deployment === deployment.index && pod.deletedAt < 0);
  const ready = pods.filter((pod) => pod!.ready).length;
  const traffic = stationTraffic(fleet, [deployment.station], growth);
  const stable = control.versions[control.stable];
  const updated = control.versions[control.updated];
  const scaler = control.autoscalers[0];
  const requested = ready * deployment.spec.resources.cpuRequest;
  return {
    name: fleet.components[deployment.component]!.name,
    cluster: fleet.clusters[deployment.cluster]!.spec.name,
    version: stable?.name ?? deployment.spec.version,
    updating: updated !== undefined && updated !== stable ? updated.name : null,
    ready,
    pods: pods.length,
    desired: control.replicas,
    restarts: pods.reduce((sum, pod) => sum + pod!.restarts, 0),
    bounds: scaler ? { min: scaler.minReplicas, max: scaler.maxReplicas } : null,
    cpuCores: traffic.cpuCores,
    cpuOfRequest: traffic.cpuCores === null || requested === 0 ? null : tidy(traffic.cpuCores / requested),
    requestRate: traffic.requestRate,
    errorRatio: traffic.errorRatio,
    p99: traffic.p99,
  };
}

function describeStores({ fleet, state }: Simulation, growth: Growth): StoreStatus[] {
  return fleet.components.flatMap((component): StoreStatus[] => {
    if (component.kind !== 'store') return [];
    const { index, name, spec, stations } = component;
    const traffic = stationTraffic(fleet, stations, growth);
    const { databases, caches, queues } = state.stores;
    const database = databases[index];
    const cache = caches[index];
    const queue = queues[index];
    const waiting = queue ? queue.lag.reduce((sum, lag) => sum + lag, 0) : 0;
    return [
      {
        name,
        kind: spec.kind,
        up: database?.primaryUp ?? true,
        requestRate: traffic.requestRate,
        errorRatio: traffic.errorRatio,
        p99: traffic.p99,
        detail: database
          ? `${database.replicasUp} replicas up, ${database.replicationLag.toFixed(1)} s behind, ${Math.round(database.connections)} connections`
          : cache
            ? `${Math.round(cache.warmth * 100)} % warm`
            : queue
              ? `${Math.round(waiting)} messages wait`
              : '',
      },
    ];
  });
}

/** Of several stations together: primary and replicas of a database. */
function stationTraffic(fleet: Fleet, of: readonly number[], growth: Growth) {
  const none = { requestRate: null, errorRatio: null, p99: null, cpuCores: null };
  if (!growth) return none;
  const { flows, seconds } = growth;
  const { operationStride, durationBounds, stations } = fleet.network;
  const buckets = new Float64Array(durationBounds.length + 1);
  let good = 0;
  let bad = 0;
  let cpu = 0;
  const cells = of.flatMap((station) =>
    Array.from({ length: CELLS_PER_STATION }, (_, i) => ({ station, cell: station * CELLS_PER_STATION + i })),
  );
  for (const { station, cell } of cells) {
    cpu += flows.cpuSeconds[cell]!;
    for (let position = 0; position < stations[station]!.operations.length; position++) {
      const row = cell * operationStride + position;
      good += flows.ok[row]!;
      bad += failuresOf(flows, row);
      for (let i = 0; i < buckets.length; i++) buckets[i]! += flows.durationBuckets[row * buckets.length + i]!;
    }
  }
  return {
    requestRate: tidy((good + bad) / seconds),
    errorRatio: tidy(countableRatio(bad / (good + bad))),
    p99: tidy(bucketQuantile(durationBounds, buckets, 0, 0.99)),
    cpuCores: tidy(cpu / seconds),
  };
}

function failuresOf(flows: CountedFlows, row: number): number {
  return flows.failedOwn[row]! + flows.failedDependency[row]! + flows.failedTimeout[row]! + flows.rejected[row]!;
}

function describeEntryPoint(fleet: Fleet, name: string, entry: number, growth: Growth): EntryPointStatus {
  if (!growth) return { name, requestRate: null, errorRatio: null, p50: null, p99: null };
  const { flows, seconds } = growth;
  const { userBounds } = fleet.network;
  const good = flows.userOk[entry]!;
  const bad = flows.userFailed[entry]!;
  const quantile = (q: number) =>
    tidy(bucketQuantile(userBounds, flows.userBuckets, entry * (userBounds.length + 1), q));
  return {
    name,
    requestRate: tidy((good + bad) / seconds),
    errorRatio: tidy(countableRatio(bad / (good + bad))),
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

function describeSlos({ fleet, state }: Simulation): SloStatus[] {
  return fleet.scenario.slos.map(({ name, entryPoint, objective, latency }, i) => {
    const { good, bad, harms } = state.account.slos[i]!;
    return {
      name,
      entryPoint,
      objective,
      latency: tidy(latency),
      good: Math.round(good),
      bad: Math.round(bad),
      budgetSpent: tidy(bad / ((good + bad) * (1 - objective))),
      harmedNow: harms.at(-1)?.to === -1,
    };
  });
}

function describeAccount({ fleet, state }: Simulation): AccountStatus {
  const nodes = state.platform.nodes.filter((node) => node !== null);
  const pods = state.platform.pods.filter((pod) => pod !== null);
  const hourly = nodes.reduce((sum, { cluster, pool }) => sum + fleet.clusters[cluster]!.pools[pool]!.price, 0);
  return {
    cost: tidy(state.account.cost)!,
    costPerHour: tidy(hourly),
    nodes: nodes.length,
    pods: pods.length,
    restarts: state.account.restarts,
    oomKills: state.account.oomKills,
    unschedulablePods: pods.filter(({ unschedulable }) => unschedulable !== null).length,
  };
}

/** Six significant digits are more than anybody reads; null where there is no number. */
function tidy(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
