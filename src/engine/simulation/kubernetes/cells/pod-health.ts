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
 * to the solver as ceil(c) workers at speed c / ceil(c), which is what throttling by the kernel's scheduler does. A
 * stress process takes turns with every one of them: they stay as many and get slower.
 */
export function healthOf(context: PlatformContext, pod: Pod): PodHealth {
  const { control, fleet, platform } = context;
  const { spec } = fleet.deployments[pod.deployment]!;
  const memory = control.deployments[pod.deployment]!;
  const version = platform.deployments[pod.deployment]!.versions[pod.version]!.effects;
  const { effects } = control.pods[pod.slot]!;
  const workFactor = memory.workFactor * version.latencyFactor;
  const cpuPerWork = (memory.cpuPerWork * version.cpuFactor) / workFactor;
  const cores = availableCores(context, pod);
  const carriedBy = (some: number): number => Math.min(spec.parallelism, cpuPerWork > 0 ? some / cpuPerWork : Infinity);
  const workers = Math.max(1, Math.ceil(carriedBy(cores) - 1e-9));
  const capacity = carriedBy(coresBesideStress(cores, effects.stress, workers));
  const errorRatio = 1 - (1 - version.errorRatio) * (1 - effects.errorRatio);
  return {
    workers,
    speed: effects.stuck ? 0 : rounded(Math.min(1, capacity / workers)),
    errorRatio: rounded(errorRatio),
    workFactor: rounded(workFactor),
  };
}

/** Cores that a pod can use: its limit or its share of the node. */
function availableCores({ control, fleet, platform }: PlatformContext, pod: Pod): number {
  const { resources } = fleet.deployments[pod.deployment]!.spec;
  const node = platform.nodes[pod.node]!;
  const nodeCores = fleet.clusters[node.cluster]!.pools[node.pool]!.cpu;
  return Math.min(resources.cpuLimit, control.pods[pod.slot]!.cores, nodeCores);
}

/**
 * What a stress process beside the application leaves it. The kernel shares by threads that want to run, so that the
 * stress never gets more than its threads' part; of the application those want to that the cores can keep busy, however
 * many more it has.
 */
function coresBesideStress(cores: number, stress: number, workers: number): number {
  return stress > 0 ? Math.max(cores - stress, (cores * workers) / (workers + Math.ceil(stress))) : cores;
}

function rounded(value: number): number {
  return Math.round(value * RESOLUTION) / RESOLUTION;
}
