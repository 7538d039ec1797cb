import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';

/** How well a pod serves: what a cell says of its servers. */
export interface PodHealth {
  readonly workers: number;
  readonly speed: number;
  readonly errorRatio: number;
  readonly workFactor: number;
}

/** Steps in which shares are told apart. */
const RESOLUTION = 10_000;

/**
 * Workers and their speed from the CPU that a pod can have. A worker that is always busy uses cpuSeconds / workSeconds
 * cores; so the cores carry c = cores / (cpuSeconds / workSeconds) busy workers, at most `parallelism`. They are shown
 * to the solver as ceil(c) workers at speed c / ceil(c), which is what throttling by the kernel's scheduler does.
 */
export function healthOf(context: PlatformContext, pod: Pod): PodHealth {
  const { control, fleet, platform } = context;
  const { spec } = fleet.deployments[pod.deployment]!;
  const memory = control.deployments[pod.deployment]!;
  const version = platform.deployments[pod.deployment]!.versions[pod.version]!.effects;
  const { effects } = control.pods[pod.slot]!;
  const workFactor = memory.workFactor * version.latencyFactor;
  const cpuPerWork = (memory.cpuPerWork * version.cpuFactor) / workFactor;
  const carried = cpuPerWork > 0 ? availableCores(context, pod) / cpuPerWork : Infinity;
  const capacity = Math.min(spec.parallelism, carried);
  const workers = Math.max(1, Math.ceil(capacity - 1e-9));
  const errorRatio = 1 - (1 - version.errorRatio) * (1 - effects.errorRatio);
  return {
    workers,
    speed: effects.stuck ? 0 : rounded(Math.min(1, capacity / workers)),
    errorRatio: rounded(errorRatio),
    workFactor: rounded(workFactor),
  };
}

/**
 * Cores that the application of a pod can use: its limit or its share of the node, less what a stress process beside
 * it takes. The kernel shares by threads, so the stress never gets more than its threads' part.
 */
export function availableCores({ control, fleet, platform }: PlatformContext, pod: Pod): number {
  const { parallelism, resources } = fleet.deployments[pod.deployment]!.spec;
  const memory = control.pods[pod.slot]!;
  const node = platform.nodes[pod.node]!;
  const nodeCores = fleet.clusters[node.cluster]!.pools[node.pool]!.cpu;
  const cores = Math.min(resources.cpuLimit, memory.cores, nodeCores);
  const { stress } = memory.effects;
  if (stress <= 0) return cores;
  return Math.max(cores - stress, (cores * parallelism) / (parallelism + Math.ceil(stress)));
}

function rounded(value: number): number {
  return Math.round(value * RESOLUTION) / RESOLUTION;
}
