import type { ServiceSpec } from '../component.types.js';
import type { NodePoolSpec, PlatformSpec } from '../platform.types.js';
import type { AutoscalerSpec } from '../scenario.types.js';
import type { Places } from './resolve-platform.js';

/** Of a general purpose machine of four cores, US dollars an hour. */
const PRICE_PER_CORE = 0.05;
const GiB = 2 ** 30;
const DEFAULT_POOL = 'default';
/** Room for surge, and for what is lost between whole pods. */
const HEADROOM = 1.5;

/** Names of the pools of a cluster, which has one of this name where none are given. */
export function poolNames(given: readonly NodePoolSpec[] | null): readonly string[] {
  return given?.map(({ name }) => name) ?? [DEFAULT_POOL];
}

/** Gives clusters without node pools one that holds the most that their services can be scaled to. */
export function sizeClusters(
  places: Places,
  services: readonly ServiceSpec[],
  autoscalers: readonly AutoscalerSpec[],
): PlatformSpec {
  const clusters = places.clusters.map((cluster) => {
    const zones = places.regions.find(({ name }) => name === cluster.region)?.zones ?? [];
    const nodePools = cluster.nodePools ?? [poolFor(cluster.name, zones, services, autoscalers)];
    return { ...cluster, nodePools };
  });
  return { ...places, clusters };
}

function poolFor(
  cluster: string,
  zones: readonly string[],
  services: readonly ServiceSpec[],
  autoscalers: readonly AutoscalerSpec[],
): NodePoolSpec {
  let [cpu, memory, largestCpu, largestMemory] = [0, 0, 0, 0];
  for (const service of services.filter(({ clusters }) => clusters.includes(cluster))) {
    const { cpuRequest, memoryRequest } = service.resources;
    const pods = Math.max(service.replicas, mostReplicas(service.name, cluster, autoscalers));
    cpu += pods * cpuRequest;
    memory += pods * memoryRequest;
    largestCpu = Math.max(largestCpu, cpuRequest);
    largestMemory = Math.max(largestMemory, memoryRequest);
  }
  const size = {
    cpu: Math.max(4, Math.ceil(largestCpu * 2)),
    memory: Math.max(16 * GiB, Math.ceil(largestMemory * 2)),
  };
  const needed = HEADROOM * Math.max(cpu / size.cpu, memory / size.memory);
  const nodes = Math.max(1, Math.ceil(needed / zones.length)) * zones.length;
  const price = Number((size.cpu * PRICE_PER_CORE).toFixed(4));
  return { name: DEFAULT_POOL, zones, nodes, min: nodes, max: nodes, ...size, disk: 100 * GiB, price, startup: 90 };
}

function mostReplicas(service: string, cluster: string, autoscalers: readonly AutoscalerSpec[]): number {
  const most = autoscalers
    .filter((each) => each.service === service && each.clusters.includes(cluster))
    .map((each) => (each.kind === 'hpa' ? each.object.spec.maxReplicas : each.object.spec.maxReplicaCount));
  return Math.max(0, ...most);
}
