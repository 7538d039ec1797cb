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
  const { parallelism } = fleet.deployments[pod.deployment]!.spec;
  const memory = control.deployments[pod.deployment]!;
  const version = platform.deployments[pod.deployment]!.versions[pod.version]!.effects;
  const { effects } = control.pods[pod.slot]!;
  const workFactor = memory.workFactor * version.latencyFactor;
  const cores = availableCores(context, pod);
  const { most, workers } = workersOf(cores, memory.cpuPerWork, workFactor / version.cpuFactor, parallelism);
  const left = coresBesideStress(cores, effects.stress, workers);
  const capacity = Math.min(most, carriedBy(left, (memory.cpuPerWork * version.cpuFactor) / workFactor));
  const errorRatio = 1 - (1 - version.errorRatio) * (1 - effects.errorRatio);
  return {
    workers,
    speed: effects.stuck ? 0 : rounded(Math.min(1, capacity / workers)),
    errorRatio: rounded(errorRatio),
    workFactor: rounded(workFactor),
  };
}

/**
 * Workers, and how many of them can be busy at full speed. Work that takes longer than the CPU it needs leaves room for
 * others in between: so many more workers at the speed of before, rounded down, so that requests take just as much
 * longer as the work does.
 *
 * @param cpuPerWork cores that a busy worker uses, as the service is
 * @param stretch how many times longer work takes for the same CPU
 */
function workersOf(cores: number, cpuPerWork: number, stretch: number, parallelism: number) {
  const before = Math.min(parallelism, carriedBy(cores, cpuPerWork / Math.min(1, stretch)));
  const workers = wholeWorkers(before);
  if (stretch <= 1) return { workers, most: before };
  const stretched = Math.min(Math.floor(parallelism), Math.floor(workers * stretch + 1e-9));
  return { workers: Math.max(workers, stretched), most: (before / workers) * Math.max(workers, stretched) };
}

function wholeWorkers(busy: number): number {
  return Math.max(1, Math.ceil(busy - 1e-9));
}

function carriedBy(cores: number, cpuPerWork: number): number {
  return cpuPerWork > 0 ? cores / cpuPerWork : Infinity;
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
